using YamlDotNet.RepresentationModel;

namespace Finks.Contracts.Reading;

/// <summary>Rules over all columns of a dataset.</summary>
internal static class DatasetRules
{
    /// <summary>No two columns may share a name; DuckDB and SQL ignore case.</summary>
    public static void CheckNames(IReadOnlyList<MappingReader> read, IReadOnlyList<ContractColumn> columns)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < columns.Count; i++)
        {
            if (columns[i].Name.Length > 0 && !seen.Add(columns[i].Name))
                read[i].Problems.Add(
                    read[i].PlaceOf("name"),
                    $"the column '{columns[i].Name}' exists twice (case does not count).",
                    "Rename or remove one.");
        }
    }

    /// <summary>The key has at least one column, and its positions are 1 to n.</summary>
    public static void CheckKey(MappingReader dataset, IReadOnlyList<MappingReader> read, IReadOnlyList<ContractColumn> columns)
    {
        // Counted from the file: a key column whose position is missing or wrong has been reported and still counts.
        var size = read.Count(c => c.PlaceOf("primaryKey") is YamlScalarNode { Value: "true" or "True" or "TRUE" });
        if (size == 0)
            dataset.Problems.Add(
                dataset.Node,
                "no column is part of the key, so rows cannot be told apart.",
                "Give one or more 'primaryKey: true' and 'primaryKeyPosition: 1' and so on.");
        var taken = new HashSet<int>();
        foreach (var (reader, column) in read.Zip(columns).Where(c => c.Second.KeyPosition is not null))
        {
            var position = column.KeyPosition!.Value;
            if (position < 1 || position > size)
                reader.Problems.Add(
                    reader.PlaceOf("primaryKeyPosition"),
                    $"the column '{column.Name}' has the key position {position}, but the columns of the key number {size}.",
                    $"Number the key's columns 1 to {size}.");
            else if (!taken.Add(position))
                reader.Problems.Add(
                    reader.PlaceOf("primaryKeyPosition"),
                    $"the column '{column.Name}' has the key position {position}, which another has too.",
                    $"Number the key's columns 1 to {size}.");
        }
    }

    public static Completeness? CompleteWithin(MappingReader custom, IReadOnlyList<ContractColumn> columns)
    {
        if (custom.Mapping("completeWithin", "completeWithin") is not { } complete)
            return null;
        complete.CheckKeys(["by", "range"]);
        var by = complete.Texts("by", required: true);
        if (complete.Has("by") && by.Count == 0)
            complete.Problems.Add(
                complete.PlaceOf("by"),
                "completeWithin: 'by' names no column.",
                "Name the columns for which a reply is complete, such as [symbol].");
        foreach (var name in by.Where(n => columns.All(c => c.Name != n.Value)))
            complete.Problems.Add(
                name,
                $"completeWithin: 'by' names the unknown column '{name.Value}'.",
                NearestName.Advice(name.Value!, columns.Select(c => c.Name)));
        foreach (var name in by)
            MaskingParser.CheckStored(complete, name, "completeWithin: 'by'", columns.FirstOrDefault(c => c.Name == name.Value), hashAllowed: true);
        var range = complete.Text("range");
        CheckDate(complete, "range", "completeWithin: 'range'", range, columns);
        return new Completeness([.. by.Select(n => n.Value!)], range);
    }

    public static string? PartitionByYearOf(MappingReader custom, IReadOnlyList<ContractColumn> columns)
    {
        var partition = custom.Text("partitionByYearOf");
        CheckDate(custom, "partitionByYearOf", "partitionByYearOf", partition, columns);
        // A row without the date would belong to no partition.
        if (columns.FirstOrDefault(c => c.Name == partition) is { Type.Kind: ColumnKind.Date, Required: false })
            custom.Problems.Add(
                custom.PlaceOf("partitionByYearOf"),
                $"partitionByYearOf names the column '{partition}', which may be absent.",
                "Add 'required: true' to the column.");
        return partition;
    }

    private static void CheckDate(MappingReader mapping, string key, string subject, string? name, IReadOnlyList<ContractColumn> columns)
    {
        if (name is null)
            return;
        var column = columns.FirstOrDefault(c => c.Name == name);
        if (column is null)
            mapping.Problems.Add(
                mapping.PlaceOf(key),
                $"{subject} names the unknown column '{name}'.",
                NearestName.Advice(name, columns.Select(c => c.Name)));
        else if (column.Type.Kind != ColumnKind.Date)
            mapping.Problems.Add(
                mapping.PlaceOf(key),
                $"{subject} names the column '{name}', which is no date.",
                "Name a column whose logicalType is date.");
        MaskingParser.CheckStored(mapping, mapping.PlaceOf(key), subject, column, hashAllowed: false);
    }
}
