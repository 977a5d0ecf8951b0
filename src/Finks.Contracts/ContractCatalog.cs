using Finks.Contracts.Reading;

namespace Finks.Contracts;

/// <summary>All contracts of a folder, by the name of their dataset.</summary>
public sealed class ContractCatalog
{
    private readonly Dictionary<string, Contract> _byDataset;

    private ContractCatalog(IReadOnlyList<Contract> contracts, string folder)
    {
        Contracts = contracts;
        Folder = folder;
        _byDataset = contracts.ToDictionary(c => c.Dataset, StringComparer.Ordinal);
    }

    /// <summary>The contracts, sorted by dataset.</summary>
    public IReadOnlyList<Contract> Contracts { get; }

    /// <summary>The folder they were read from.</summary>
    public string Folder { get; }

    /// <summary>Reads every <c>*.odcs.yaml</c> below a folder, in the order of their paths.</summary>
    /// <exception cref="ContractException">
    /// The folder is absent or holds no contract, a file has problems, two files describe one dataset, or <c>rewrittenBy</c> names an unknown one.
    /// It lists the problems of all files.
    /// </exception>
    public static ContractCatalog Load(string folder)
    {
        var problems = new List<ContractProblem>();
        var read = new List<ReadContract>();
        foreach (var path in FilesBelow(folder))
        {
            try
            {
                read.Add(ContractReader.ReadWithPlaces(path));
            }
            catch (ContractException e)
            {
                problems.AddRange(e.Problems);
            }
        }

        problems.AddRange(DuplicateDatasets(read));
        // With a file left out for its own problems, a reference to it would be reported although it is right.
        if (problems.Count == 0)
            problems.AddRange(UnknownReferences(read));
        if (problems.Count > 0)
            throw new ContractException(problems);
        return new ContractCatalog([.. read.Select(r => r.Contract).OrderBy(c => c.Dataset, StringComparer.Ordinal)], folder);
    }

    /// <summary>The contract of a dataset.</summary>
    /// <exception cref="KeyNotFoundException">There is none; the message names the nearest and all that there are.</exception>
    public Contract Get(string dataset)
    {
        if (_byDataset.TryGetValue(dataset, out var contract))
            return contract;
        var nearest = NearestName.Of(dataset, _byDataset.Keys) is { } name ? $" Did you mean '{name}'?" : "";
        throw new KeyNotFoundException(
            $"No contract in {Folder} describes the dataset '{dataset}'.{nearest} Available: {string.Join(", ", Contracts.Select(c => c.Dataset))}.");
    }

    private static IEnumerable<string> FilesBelow(string folder)
    {
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.odcs.yaml", SearchOption.AllDirectories) : [];
        if (files.Length == 0)
            throw new ContractException([new ContractProblem(folder, 1, 1, "holds no *.odcs.yaml file.", "Name the folder that holds the contracts.")]);
        return files.Order(StringComparer.Ordinal);
    }

    private static IEnumerable<ContractProblem> DuplicateDatasets(IReadOnlyList<ReadContract> read) =>
        from same in read.GroupBy(r => r.Contract.Dataset, StringComparer.Ordinal)
        from later in same.Skip(1)
        select later.Problem(
            later.DatasetPlace,
            $"the dataset '{same.Key}' is already described by {same.First().Contract.File}.",
            "Remove or rename one of them.");

    private static IEnumerable<ContractProblem> UnknownReferences(IReadOnlyList<ReadContract> read)
    {
        var datasets = read.Select(r => r.Contract.Dataset).ToHashSet(StringComparer.Ordinal);
        foreach (var r in read)
        {
            if (r.Contract.Source.RewrittenBy is not { } other || datasets.Contains(other))
                continue;
            yield return r.Problem(
                r.RewrittenByPlace,
                $"rewrittenBy names the dataset '{other}', which no contract describes.",
                NearestName.Advice(other, datasets));
        }
    }
}
