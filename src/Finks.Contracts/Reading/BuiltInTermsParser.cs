namespace Finks.Contracts.Reading;

/// <summary>
/// Reads quality rules of <c>type: custom</c> with <c>engine: finks</c>, which change the terms of the checks that Finks makes by itself:
/// <c>implementation: { check: row_volume, deviations: 8 }</c>.
/// </summary>
internal sealed class BuiltInTermsParser
{
    private static readonly string[] HistoryKeys = ["deviations", "tolerance", "history", "least"];
    private static readonly string[] Measures = [DistributionTerms.NullShare, DistributionTerms.Median, DistributionTerms.Mean];

    private readonly List<DistributionTerms> _distributions = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private QualityTerms _terms = new();
    private Consequence? _freshness;

    public void Read(MappingReader rule, string? column, ColumnType? type)
    {
        if (rule.Mapping("implementation", $"{rule.Subject}: implementation", required: true) is not { } given || given.Text("check", required: true) is not { } check)
            return;
        if (!CheckNames.All.Contains(check))
            given.Problems.Add(given.PlaceOf("check"), $"{rule.Subject}: Finks has no check '{check}'.", NearestName.Advice(check, CheckNames.All));
        else if ((check == CheckNames.Distribution) != column is not null)
            given.Problems.Add(given.PlaceOf("check"), $"{rule.Subject}: '{check}' is about {(column is null ? "a column" : "a dataset")}.", "Move the rule there.");
        else if (!_seen.Add($"{column} {check}"))
            given.Problems.Add(given.PlaceOf("check"), $"{rule.Subject}: '{check}' has its terms already.", "Remove one.");
        else
            Apply(rule, given, check, column, type);
        if (ConsequenceParser.Parse(rule, default) is { Consequence.Action: CheckAction.Quarantine } or { RowsAtFault: not null })
            rule.Problems.Add(rule.Node, $"{rule.Subject}: this check is not about single rows.", "Use the action warn or block, and no rowsAtFault.");
    }

    public QualityTerms Terms(FreshnessTerms? freshness) => _terms with
    {
        Distributions = _distributions,
        Freshness = freshness is null ? null : freshness with { Consequence = _freshness ?? freshness.Consequence },
    };

    private void Apply(MappingReader rule, MappingReader given, string check, string? column, ColumnType? type)
    {
        Consequence Read(Consequence otherwise) => ConsequenceParser.Parse(rule, otherwise).Consequence;
        switch (check)
        {
            case CheckNames.RowsRefused:
                given.CheckKeys(["check", "share", "rows"]);
                var refusals = _terms.Refusals;
                _terms = _terms with
                {
                    Refusals = new RefusalTerms
                    {
                        Share = Between(given, "share", 0, 1) ?? refusals.Share,
                        Rows = AtLeast(given, "rows", 1) ?? refusals.Rows,
                        Consequence = Read(refusals.Consequence),
                    },
                };
                break;
            case CheckNames.RowVolume:
                given.CheckKeys(["check", .. HistoryKeys]);
                _terms = _terms with { Volume = History(given, Read(_terms.Volume.Consequence)) };
                break;
            case CheckNames.Distribution:
                given.CheckKeys(["check", "measures", "rows", .. HistoryKeys]);
                _distributions.Add(Distribution(given, column!, type, Read(Consequence.Of(Severity.Warning))));
                break;
            case CheckNames.Freshness:
                given.CheckKeys(["check"]);
                _freshness = Read(Consequence.Of(Severity.Warning));
                break;
            default:
                given.CheckKeys(["check"]);
                _terms = check switch
                {
                    CheckNames.FieldNew => _terms with { FieldNew = Read(_terms.FieldNew) },
                    CheckNames.FieldMissing => _terms with { FieldMissing = Read(_terms.FieldMissing) },
                    CheckNames.FieldRenamed => _terms with { FieldRenamed = Read(_terms.FieldRenamed) },
                    _ => _terms with { FieldRetyped = Read(_terms.FieldRetyped) },
                };
                break;
        }
    }

    private static DistributionTerms Distribution(MappingReader given, string column, ColumnType? type, Consequence consequence)
    {
        var measures = given.Texts("measures", required: true);
        foreach (var unknown in measures.Where(m => !Measures.Contains(m.Value)))
            given.Problems.Add(unknown, $"{given.Subject}: there is no measure '{unknown.Value}'.", NearestName.Advice(unknown.Value!, Measures));
        var isNumber = type is { Kind: ColumnKind.Integer or ColumnKind.Decimal or ColumnKind.Double };
        if (!isNumber && measures.Any(m => m.Value != DistributionTerms.NullShare))
            given.Problems.Add(given.PlaceOf("measures"), $"{given.Subject}: only numbers have a median and a mean.", $"Write [{DistributionTerms.NullShare}].");
        var terms = new DistributionTerms(column, [.. measures.Select(m => m.Value!)], History(given, consequence));
        return terms with { Rows = AtLeast(given, "rows", 1) ?? terms.Rows };
    }

    private static HistoryTerms History(MappingReader given, Consequence consequence)
    {
        const int Most = 1000;
        var terms = new HistoryTerms(consequence);
        terms = terms with
        {
            Deviations = Between(given, "deviations", 0, Most) ?? terms.Deviations,
            Tolerance = Between(given, "tolerance", 0, Most) ?? terms.Tolerance,
            History = AtLeast(given, "history", 1) ?? terms.History,
            Least = AtLeast(given, "least", 1) ?? terms.Least,
        };
        if (terms.Least > terms.History)
            given.Problems.Add(given.Node, $"{given.Subject}: with a history of {terms.History} runs there are never {terms.Least}.", "Raise history or lower least.");
        return terms;
    }

    private static double? Between(MappingReader given, string key, double low, double high)
    {
        var number = (double?)given.Number(key);
        if (number < low || number > high)
            given.Problems.Add(given.PlaceOf(key), $"{given.Subject}: '{key}' is {number}.", $"Write a number from {low} to {high}.");
        return number;
    }

    private static int? AtLeast(MappingReader given, string key, int least)
    {
        var number = given.Integer(key);
        if (number < least)
            given.Problems.Add(given.PlaceOf(key), $"{given.Subject}: '{key}' is {number}.", $"Write {least} or more.");
        return number;
    }
}
