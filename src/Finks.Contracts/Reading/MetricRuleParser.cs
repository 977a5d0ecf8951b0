using YamlDotNet.RepresentationModel;

namespace Finks.Contracts.Reading;

/// <summary>Reads quality rules that name a metric of the standard's library.</summary>
internal static class MetricRuleParser
{
    private static readonly (string Key, string Name, QualityMetric Metric)[] Metrics =
    [
        ("rowCount", "row_count", QualityMetric.RowCount),
        ("nullValues", "null_values", QualityMetric.NullValues),
        ("missingValues", "missing_values", QualityMetric.MissingValues),
        ("invalidValues", "invalid_values", QualityMetric.InvalidValues),
        ("duplicateValues", "duplicate_values", QualityMetric.DuplicateValues),
    ];

    /// <summary>Whether a column's rule says what single values may be: valid values, none invalid, and nothing on severity or action.</summary>
    public static bool IsRowCheck(MappingReader rule) =>
        rule.Has("metric") && rule.Text("metric") == "invalidValues" && rule.Has("mustBe") && rule.Number("mustBe") == 0
        && !rule.Has("severity") && !rule.Has("customProperties") && !HasPattern(rule);

    /// <summary>The values that a rule lists as valid.</summary>
    public static IReadOnlyList<string> ValidValues(MappingReader rule)
    {
        if (rule.Mapping("arguments", $"{rule.Subject}: arguments", required: true) is not { } arguments)
            return [];
        arguments.CheckKeys(["validValues"]);
        return Listed(rule, arguments, "validValues");
    }

    /// <param name="rule">The rule.</param>
    /// <param name="column">The column that it stands at; null for a rule of the dataset.</param>
    public static QualityRule? Parse(MappingReader rule, string? column)
    {
        if (rule.Text("metric", required: true) is not { } key)
            return null;
        if (Metrics.FirstOrDefault(m => m.Key == key) is not { Key: not null } found)
        {
            rule.Problems.Add(rule.PlaceOf("metric"), $"{rule.Subject} has the unknown metric '{key}'.", NearestName.Advice(key, Metrics.Select(m => m.Key)));
            return null;
        }

        var ofDataset = found.Metric == QualityMetric.RowCount || (found.Metric == QualityMetric.DuplicateValues && column is null);
        if (ofDataset != column is null)
            rule.Problems.Add(
                rule.PlaceOf("metric"),
                $"{rule.Subject}: '{key}' is about {(ofDataset ? "a dataset, not a column" : "a column, not a dataset")}.",
                "Move the rule there.");
        var needsArguments = found.Metric is QualityMetric.MissingValues or QualityMetric.InvalidValues || (ofDataset && found.Metric == QualityMetric.DuplicateValues);
        var arguments = rule.Mapping("arguments", $"{rule.Subject}: arguments", needsArguments);
        var (consequence, rowsAtFault) = ConsequenceParser.Parse(rule, Consequence.Of(Severity.Error));
        return WithArguments(rule, arguments, new QualityRule
        {
            Name = rule.Text("name") ?? (column is null ? found.Name : $"{column}.{found.Name}"),
            Metric = found.Metric,
            Columns = column is null ? [] : [column],
            Percent = Percent(rule),
            Limit = LimitParser.Parse(rule),
            RowsAtFault = rowsAtFault,
            Consequence = consequence,
            Dimension = rule.Text("dimension"),
            BusinessImpact = rule.Text("businessImpact"),
        });
    }

    private static bool HasPattern(MappingReader rule) =>
        rule.PlaceOf("arguments") is YamlMappingNode arguments && arguments.Children.ContainsKey(new YamlScalarNode("pattern"));

    private static QualityRule WithArguments(MappingReader rule, MappingReader? arguments, QualityRule parsed)
    {
        if (arguments is null)
            return parsed;
        switch (parsed.Metric)
        {
            case QualityMetric.MissingValues:
                arguments.CheckKeys(["missingValues"]);
                return parsed with { Values = Listed(rule, arguments, "missingValues") };
            case QualityMetric.InvalidValues when arguments.Has("pattern"):
                arguments.CheckKeys(["pattern"]);
                return parsed with { Pattern = arguments.Text("pattern") };
            case QualityMetric.InvalidValues:
                arguments.CheckKeys(["validValues", "pattern"]);
                return parsed with { Values = Listed(rule, arguments, "validValues") };
            case QualityMetric.DuplicateValues when parsed.Columns.Count == 0:
                arguments.CheckKeys(["properties"]);
                return parsed with { Columns = Listed(rule, arguments, "properties") };
            default:
                arguments.CheckKeys([]);
                return parsed;
        }
    }

    private static bool Percent(MappingReader rule)
    {
        var unit = rule.Text("unit");
        if (unit is not (null or "rows" or "percent"))
            rule.Problems.Add(rule.PlaceOf("unit"), $"{rule.Subject}: the unit '{unit}' is unknown.", "Write rows or percent.");
        return unit == "percent";
    }

    private static IReadOnlyList<string> Listed(MappingReader rule, MappingReader arguments, string key)
    {
        var values = arguments.Texts(key, required: true);
        if (arguments.Has(key) && values.Count == 0)
            rule.Problems.Add(arguments.PlaceOf(key), $"{rule.Subject}: '{key}' lists nothing.", "List the values.");
        return [.. values.Select(v => v.Value!)];
    }
}
