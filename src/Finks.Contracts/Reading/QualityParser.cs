using System.Text.RegularExpressions;

namespace Finks.Contracts.Reading;

/// <summary>
/// Reads the standard's <c>quality</c> lists of a dataset and its columns, which <see cref="QualityTerms"/> gathers. Rules of type <c>text</c> are
/// prose and pass; a rule that Finks would not run is a problem.
/// </summary>
internal sealed partial class QualityParser
{
    private readonly List<QualityRule> _rules = [];
    private readonly Dictionary<string, QualityRule> _named = new(StringComparer.Ordinal);
    private readonly BuiltInTermsParser _builtIn = new();

    /// <summary>Reads a column's rules. Returns the only values that it may hold, where a rule lists them for single rows; empty for any.</summary>
    public IReadOnlyList<string> ReadColumn(MappingReader column, string name, ColumnType? type)
    {
        if (column.Boolean("unique") == true)
            Add(column, new QualityRule
            {
                Name = $"{name}.unique",
                Metric = QualityMetric.DuplicateValues,
                Columns = [name],
                Limit = new Limit(Comparison.MustBe, 0, 0),
                Consequence = new Consequence(Severity.Error, CheckAction.Quarantine),
                Dimension = "uniqueness",
            });
        var allowed = new List<string>();
        foreach (var rule in column.Mappings("quality", i => $"{column.Subject}: quality rule {i}"))
        {
            rule.CheckKeys(OdcsKeys.Quality);
            if (MetricRuleParser.IsRowCheck(rule))
                allowed.AddRange(MetricRuleParser.ValidValues(rule));
            else
                Read(rule, name, type);
        }

        if (allowed.Count > 0 && type is { Kind: not ColumnKind.Text })
            column.Problems.Add(
                column.PlaceOf("quality"),
                $"{column.Subject} lists valid values, which only a text column may.",
                "Use minimum and maximum for numbers.");
        return allowed;
    }

    /// <summary>Reads the rules of the whole dataset.</summary>
    public void ReadDataset(MappingReader dataset, IReadOnlyList<ContractColumn> columns)
    {
        foreach (var rule in dataset.Mappings("quality", i => $"{dataset.Subject}: quality rule {i}"))
        {
            rule.CheckKeys(OdcsKeys.Quality);
            var before = _rules.Count;
            Read(rule, null, null);
            foreach (var unknown in _rules.Skip(before).SelectMany(r => r.Columns).Where(n => columns.All(c => c.Name != n)))
                rule.Problems.Add(rule.PlaceOf("arguments"), $"{rule.Subject} names the unknown column '{unknown}'.", NearestName.Advice(unknown, columns.Select(c => c.Name)));
        }
    }

    public QualityTerms Terms(FreshnessTerms? freshness) => _builtIn.Terms(freshness) with { Rules = _rules };

    private void Read(MappingReader rule, string? column, ColumnType? type)
    {
        switch (rule.Text("type") ?? "library")
        {
            case "text":
                return;
            case "library":
                Add(rule, MetricRuleParser.Parse(rule, column));
                return;
            case "sql":
                Add(rule, Sql(rule, column));
                return;
            case "custom" when rule.Text("engine", required: true) is "finks":
                _builtIn.Read(rule, column, type);
                return;
            case "custom":
                rule.Problems.Add(rule.PlaceOf("engine"), $"{rule.Subject} is for another engine, which Finks does not run.", "Write 'engine: finks', or describe the rule with 'type: text'.");
                return;
            case var other:
                rule.Problems.Add(rule.PlaceOf("type"), $"{rule.Subject} has the unknown type '{other}'.", NearestName.Advice(other, ["library", "sql", "custom", "text"]));
                return;
        }
    }

    private static QualityRule Sql(MappingReader rule, string? column)
    {
        var (consequence, rowsAtFault) = ConsequenceParser.Parse(rule, Consequence.Of(Severity.Error));
        return new QualityRule
        {
            Name = rule.Text("name", required: true) ?? "",
            Query = rule.Text("query", required: true),
            Columns = column is null ? [] : [column],
            Limit = LimitParser.Parse(rule),
            RowsAtFault = rowsAtFault,
            Consequence = consequence,
            Dimension = rule.Text("dimension"),
            BusinessImpact = rule.Text("businessImpact"),
        };
    }

    private void Add(MappingReader place, QualityRule? rule)
    {
        if (rule is null || rule.Name.Length == 0)
            return;
        if (!CheckName().IsMatch(rule.Name) || CheckNames.All.Contains(rule.Name))
            place.Problems.Add(place.PlaceOf("name"), $"{place.Subject}: '{rule.Name}' cannot name a check.", "Use letters, digits, '_', '-' and '.', and no name of Finks's own checks.");
        else if (!_named.TryAdd(rule.Name, rule))
            place.Problems.Add(place.PlaceOf("name"), $"{place.Subject}: the dataset has a check '{rule.Name}' already.", "Give each a 'name' of its own.");
        if (rule.Consequence.Action == CheckAction.Quarantine && !rule.PicksRows)
            place.Problems.Add(
                place.Node,
                $"{place.Subject} quarantines, but nothing says which rows are at fault.",
                "Add the custom property rowsAtFault with an SQL condition, such as 'high < low', or take another action.");
        _rules.Add(rule);
    }

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_.-]{0,99}\z", RegexOptions.CultureInvariant)]
    private static partial Regex CheckName();
}
