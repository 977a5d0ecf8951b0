namespace Finks.Contracts.Reading;

/// <summary>Reads one property of the schema as a column.</summary>
internal static class ColumnParser
{
    private static readonly string[] CustomNames = ["sourceZone", "sourceAliases", "masking", "renamedFrom"];

    /// <summary>The column; where a part of it is wrong, that part has a stand-in, so that rules over several columns can still be checked.</summary>
    /// <param name="column">The property.</param>
    /// <param name="quality">Takes the column's quality rules.</param>
    public static ContractColumn Parse(MappingReader column, QualityParser quality)
    {
        column.CheckKeys(OdcsKeys.Property);
        var name = column.SnakeCase("name", required: true);
        var sourceField = column.Text("physicalName", required: true);
        var description = column.Text("description", required: true);
        var type = ColumnTypeParser.Parse(column);
        var custom = CustomProperties.Of(column, CustomNames);
        var parsed = new ContractColumn
        {
            Name = name ?? "",
            SourceField = sourceField ?? "",
            RenamedFrom = custom.Text("renamedFrom"),
            SourceAliases = [.. custom.Texts("sourceAliases").Select(t => t.Value!)],
            Type = type ?? default,
            Masking = MaskingParser.Parse(column, custom),
            Required = column.Boolean("required") ?? false,
            KeyPosition = KeyPosition(column),
            SourceZone = SourceZone(column, custom, type),
            AllowedValues = quality.ReadColumn(column, name ?? "", type),
            Description = description ?? "",
        };
        if (parsed.KeyPosition is not null && !parsed.Required)
            column.Problems.Add(
                column.PlaceOf("primaryKey"),
                $"{column.Subject} is part of the key and so must be required.",
                "Add 'required: true'.");
        return RangeParser.AddTo(parsed, column, type);
    }

    private static int? KeyPosition(MappingReader column)
    {
        var isKey = column.Boolean("primaryKey") ?? false;
        var position = column.Integer("primaryKeyPosition");
        if (isKey)
        {
            if (!column.Has("primaryKeyPosition"))
                column.Problems.Add(
                    column.PlaceOf("primaryKey"),
                    $"{column.Subject} is part of the key but has no primaryKeyPosition.",
                    "Add 'primaryKeyPosition: 1' for the first column of the key.");
            return position;
        }

        // The standard writes -1 for "no part of the key".
        if (position is not (null or -1))
            column.Problems.Add(
                column.PlaceOf("primaryKeyPosition"),
                $"{column.Subject} has a primaryKeyPosition but is no part of the key.",
                "Add 'primaryKey: true' or remove the position.");
        return null;
    }

    private static string? SourceZone(MappingReader column, MappingReader custom, ColumnType? type)
    {
        var zone = custom.Text("sourceZone");
        switch (type?.Kind)
        {
            case ColumnKind.Timestamp when !custom.Has("sourceZone"):
                column.Problems.Add(
                    column.Node,
                    $"{column.Subject} is a timestamp without the custom property sourceZone.",
                    "Name the zone of the source's wall clock, such as America/New_York or UTC.");
                break;
            case not (null or ColumnKind.Timestamp) when zone is not null:
                column.Problems.Add(
                    custom.PlaceOf("sourceZone"),
                    $"{column.Subject} has a sourceZone but is no timestamp.",
                    "Remove it, or make the logicalType timestamp.");
                break;
        }

        if (zone is not null && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            column.Problems.Add(
                custom.PlaceOf("sourceZone"),
                $"{column.Subject} has the sourceZone '{zone}', which the time zone database of this machine does not hold.",
                "Write the IANA name, such as America/New_York.");
        return zone;
    }
}
