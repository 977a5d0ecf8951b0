using Finks.Contracts.Reading;

namespace Finks.Contracts;

/// <summary>
/// Reads a contract in the form of the Open Data Contract Standard 3.1
/// (<see href="https://bitol-io.github.io/open-data-contract-standard/v3.1.0/"/>) with the custom properties of <c>contracts/README.md</c>.
/// </summary>
public static class ContractReader
{
    /// <summary>Reads one file.</summary>
    /// <exception cref="ContractException">The file cannot be read, is not YAML or breaks a rule; it lists every problem at once.</exception>
    public static Contract Read(string path) => ReadWithPlaces(path).Contract;

    /// <summary>Reads a contract from its text.</summary>
    /// <param name="yaml">The whole contract.</param>
    /// <param name="file">The file's name, for messages and <see cref="Contract.File"/>.</param>
    /// <exception cref="ContractException">The text is not YAML or breaks a rule; it lists every problem at once.</exception>
    public static Contract Parse(string yaml, string file) => ParseWithPlaces(yaml, file).Contract;

    internal static ReadContract ReadWithPlaces(string path)
    {
        string yaml;
        try
        {
            yaml = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ContractException([new ContractProblem(path, 1, 1, $"cannot be read: {e.Message}", "Check the path and its permissions.")]);
        }

        return ParseWithPlaces(yaml, path);
    }

    private static ReadContract ParseWithPlaces(string yaml, string file)
    {
        var problems = new ProblemLog(file);
        var read = YamlFile.Root(yaml, problems) is { } root ? ContractParser.Parse(root, file) : null;
        problems.ThrowIfAny();
        return read ?? throw new InvalidOperationException($"{file} gave neither a contract nor a problem.");
    }
}
