namespace Finks.Contracts;

/// <summary>Names of the checks that Finks makes for every dataset, as contracts, ledgers and <c>--accept</c> spell them.</summary>
public static class CheckNames
{
    public const string RowsRefused = "rows_refused";
    public const string RowVolume = "row_volume";
    public const string Freshness = "freshness";
    public const string Distribution = "distribution";
    public const string FieldNew = "field_new";
    public const string FieldMissing = "field_missing";
    public const string FieldRenamed = "field_renamed";
    public const string FieldRetyped = "field_retyped";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
        [RowsRefused, RowVolume, Freshness, Distribution, FieldNew, FieldMissing, FieldRenamed, FieldRetyped];
}

/// <summary>All that a contract says on the quality of its dataset beyond single rows.</summary>
public sealed record QualityTerms
{
    /// <summary>Metrics and SQL checks, in the order of the file.</summary>
    public IReadOnlyList<QualityRule> Rules { get; init; } = [];

    public RefusalTerms Refusals { get; init; } = new();

    public HistoryTerms Volume { get; init; } = new(Consequence.Of(Severity.Warning));

    /// <summary>Numeric columns whose distribution is compared with earlier runs.</summary>
    public IReadOnlyList<DistributionTerms> Distributions { get; init; } = [];

    /// <summary>How old the newest row may be; null when the contract does not say.</summary>
    public FreshnessTerms? Freshness { get; init; }

    /// <summary>A field that the contract does not know. Default: info.</summary>
    public Consequence FieldNew { get; init; } = Consequence.Of(Severity.Info);

    /// <summary>A field that no row has although earlier runs had it. Default: error, since each row would lose its value in Silver.</summary>
    public Consequence FieldMissing { get; init; } = Consequence.Of(Severity.Error);

    /// <summary>A missing field whose values stand in a new one. Default: error.</summary>
    public Consequence FieldRenamed { get; init; } = Consequence.Of(Severity.Error);

    /// <summary>A field most of whose values have a form that its column's type does not take. Default: error.</summary>
    public Consequence FieldRetyped { get; init; } = Consequence.Of(Severity.Error);
}

/// <summary>How many rows may break the contract before the commit is blocked.</summary>
public sealed record RefusalTerms
{
    /// <summary>Share of the rows, from 0 to 1. Default 0.2.</summary>
    public double Share { get; init; } = 0.2;

    /// <summary>Fewer refused rows than this never fail the check. Default 20.</summary>
    public int Rows { get; init; } = 20;

    public Consequence Consequence { get; init; } = Consequence.Of(Severity.Error);
}

/// <summary>How far a measure may be from the median of earlier runs: the larger of both allowances counts.</summary>
/// <param name="Consequence">What follows otherwise.</param>
public sealed record HistoryTerms(Consequence Consequence)
{
    /// <summary>Allowance in standard deviations, estimated as 1.4826 × the median absolute deviation. Default 6.</summary>
    public double Deviations { get; init; } = 6;

    /// <summary>Allowance as a share of the median; for shares (of nulls) the difference itself. Default 0.5.</summary>
    public double Tolerance { get; init; } = 0.5;

    /// <summary>How many of the latest runs are compared with. Default 20.</summary>
    public int History { get; init; } = 20;

    /// <summary>No verdict before there are so many. Default 5.</summary>
    public int Least { get; init; } = 5;
}

/// <summary>What is watched of a numeric column.</summary>
/// <param name="Measures">Which of <see cref="NullShare"/>, <see cref="Median"/>, <see cref="Mean"/>.</param>
public sealed record DistributionTerms(string Column, IReadOnlyList<string> Measures, HistoryTerms History)
{
    public const string NullShare = "null_share";
    public const string Median = "median";
    public const string Mean = "mean";

    /// <summary>Runs with fewer new rows are neither judged nor remembered. Default 20.</summary>
    public int Rows { get; init; } = 20;
}

/// <summary>How old the newest row may be.</summary>
/// <param name="Column">A date or timestamp column.</param>
/// <param name="MaxAge">For a date: whole days between it and today, UTC.</param>
public sealed record FreshnessTerms(string Column, TimeSpan MaxAge)
{
    public Consequence Consequence { get; init; } = Consequence.Of(Severity.Warning);
}
