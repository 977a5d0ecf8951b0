namespace Finks.Contracts.Reading;

/// <summary>Reads from the standard's <c>slaProperties</c> how old the newest row may be: <c>latency</c>, or <c>freshness</c>, of a date column.</summary>
internal static class FreshnessParser
{
    private static readonly string[] Days = ["d", "day", "days"];
    private static readonly string[] Hours = ["h", "hr", "hour", "hours"];

    public static FreshnessTerms? Parse(MappingReader root, string dataset, IReadOnlyList<ContractColumn> columns)
    {
        FreshnessTerms? terms = null;
        foreach (var level in root.Mappings("slaProperties", i => $"service level {i}"))
        {
            level.CheckKeys(OdcsKeys.ServiceLevel);
            if (level.Text("property", required: true) is not ("latency" or "freshness"))
                continue;
            if (terms is not null)
                level.Problems.Add(level.Node, $"{level.Subject} is a second latency, and Finks checks one.", "Remove one.");
            terms = new FreshnessTerms(Column(level, dataset, columns), MaxAge(level));
        }

        return terms;
    }

    private static string Column(MappingReader level, string dataset, IReadOnlyList<ContractColumn> columns)
    {
        var element = level.Text("element", required: true) ?? "";
        var name = element.StartsWith(dataset + ".", StringComparison.Ordinal) ? element[(dataset.Length + 1)..] : element;
        if (element.Length > 0 && !columns.Any(c => c.Name == name && c.Type.Kind is ColumnKind.Date or ColumnKind.Timestamp))
            level.Problems.Add(
                level.PlaceOf("element"),
                $"{level.Subject}: the element '{element}' is no date or timestamp column.",
                $"Name the column that says how new a row is, such as {dataset}.date.");
        return name;
    }

    private static TimeSpan MaxAge(MappingReader level)
    {
        const int MostDays = 36500;
        var value = level.Number("value");
        var unit = level.Text("unit", required: true);
        if (unit is not null && !Days.Contains(unit) && !Hours.Contains(unit))
            level.Problems.Add(level.PlaceOf("unit"), $"{level.Subject}: the unit '{unit}' is unknown.", "Write d for days or h for hours.");
        if (value is null or <= 0 or > MostDays)
            level.Problems.Add(level.PlaceOf("value"), $"{level.Subject}: the value is no age that data can have.", "Write a number: how old the newest row may be.");
        if (value is not (> 0 and <= MostDays))
            return default;
        return Hours.Contains(unit) ? TimeSpan.FromHours((double)value) : TimeSpan.FromDays((double)value);
    }
}
