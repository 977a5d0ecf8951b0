using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Finks.Contracts.Reading;

/// <summary>Reads a whole contract; every rule over more than one key of it stands here or in <see cref="DatasetRules"/>.</summary>
internal static partial class ContractParser
{
    private static readonly string[] CustomNames =
    [
        "source", "endpoint", "parameters", "window", "maxRowsPerReply", "cadence", "knowledgeTime", "completeWithin", "partitionByYearOf", "rewrittenBy",
    ];

    /// <summary>The contract; null or with stand-ins when problems were logged.</summary>
    public static ReadContract? Parse(MappingReader root, string file)
    {
        root.CheckKeys(OdcsKeys.Contract);
        CheckFixed(root, "apiVersion", OdcsKeys.ApiVersion);
        CheckFixed(root, "kind", "DataContract");
        var id = root.Text("id", required: true);
        root.Text("status", required: true);
        var version = Version(root);
        var custom = CustomProperties.Of(root, CustomNames);
        var source = SourceRequestParser.Parse(custom);
        if (Dataset(root) is not { } dataset)
            return null;

        var quality = new QualityParser();
        var columns = Columns(dataset, quality);
        var name = dataset.SnakeCase("name", required: true) ?? "";
        var contract = new Contract
        {
            Id = id ?? "",
            Dataset = name,
            Version = version ?? "",
            Description = dataset.Text("description", required: true) ?? "",
            Columns = columns,
            Source = source,
            CompleteWithin = DatasetRules.CompleteWithin(custom, columns),
            PartitionByYearOf = DatasetRules.PartitionByYearOf(custom, columns),
            Quality = quality.Terms(FreshnessParser.Parse(root, name, columns)),
            File = file,
        };
        return new ReadContract(contract, dataset.PlaceOf("name").Start, custom.PlaceOf("rewrittenBy").Start);
    }

    private static void CheckFixed(MappingReader root, string key, string expected)
    {
        if (root.Text(key, required: true) is { } found && found != expected)
            root.Problems.Add(
                root.PlaceOf(key),
                $"the {key} is '{found}', and Finks reads only '{expected}'.",
                $"Write '{key}: {expected}' and bring the file to that form.");
    }

    private static string? Version(MappingReader root)
    {
        var version = root.Text("version", required: true);
        if (version is not null && !SemanticVersion().IsMatch(version))
            root.Problems.Add(
                root.PlaceOf("version"),
                $"the version '{version}' is no semantic version.",
                "Write three numbers, such as 1.0.0.");
        return version;
    }

    private static MappingReader? Dataset(MappingReader root)
    {
        var datasets = root.Mappings("schema", i => $"dataset {i}", required: true).Select(d => d.NamedByItself("dataset")).ToList();
        if (datasets.Count == 0 && root.PlaceOf("schema") is YamlSequenceNode { Children.Count: 0 } empty)
            root.Problems.Add(empty, "the schema holds no dataset.", "Add one object with a name and properties.");
        if (datasets.Count > 1)
            root.Problems.Add(
                datasets[1].Node,
                $"the contract describes {datasets.Count} datasets, and Finks reads one a file.",
                "Move each into a file of its own.");
        foreach (var surplus in datasets.Skip(1))
            Columns(surplus, new QualityParser());
        return datasets.FirstOrDefault();
    }

    private static List<ContractColumn> Columns(MappingReader dataset, QualityParser quality)
    {
        dataset.CheckKeys(OdcsKeys.SchemaObject);
        if (dataset.Text("logicalType") is { } type && type != "object")
            dataset.Problems.Add(dataset.PlaceOf("logicalType"), $"the dataset has the logicalType '{type}'.", "Write 'object'.");
        var read = dataset.Mappings("properties", i => $"column {i}", required: true)
            .Select(c => c.NamedByItself("column"))
            .ToList();
        var columns = read.ConvertAll(column => ColumnParser.Parse(column, quality));
        quality.ReadDataset(dataset, columns);
        DatasetRules.CheckNames(read, columns);
        DatasetRules.CheckKey(dataset, read, columns);
        MaskingParser.CheckUse(read, columns);
        return columns;
    }

    [GeneratedRegex(@"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)([-+][0-9A-Za-z.+-]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex SemanticVersion();
}
