namespace Finks.Contracts;

/// <summary>The metrics of the standard's library.</summary>
public enum QualityMetric
{
    RowCount,
    NullValues,

    /// <summary>Nulls and the values that <see cref="QualityRule.Values"/> lists.</summary>
    MissingValues,

    /// <summary>Values that are none of <see cref="QualityRule.Values"/>, or do not match <see cref="QualityRule.Pattern"/>; nulls do not count.</summary>
    InvalidValues,

    /// <summary>Keys beyond the first that share a value of <see cref="QualityRule.Columns"/>. Versions of one key are no duplicates; nulls do not count.</summary>
    DuplicateValues,
}

/// <summary>A check of the rows of a run as a whole, from a contract's <c>quality</c>.</summary>
public sealed record QualityRule
{
    /// <summary>Unique in the dataset; what <c>--accept</c> takes.</summary>
    public required string Name { get; init; }

    /// <summary>The metric to measure; null when <see cref="Query"/> is measured.</summary>
    public QualityMetric? Metric { get; init; }

    /// <summary>DuckDB SQL that selects one number; <c>{object}</c> stands for the rows, <c>{property}</c> for the column. Null for metrics.</summary>
    public string? Query { get; init; }

    /// <summary>The columns that the rule is about; empty for rules of the whole dataset.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Values that count as missing, or the only valid ones.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Regular expression (RE2) that a whole valid value matches; null for none.</summary>
    public string? Pattern { get; init; }

    /// <summary>Whether the metric is measured in percent of the rows instead of rows.</summary>
    public bool Percent { get; init; }

    public required Limit Limit { get; init; }

    /// <summary>SQL condition that picks the rows at fault for examples and for quarantine; null where the rule itself says which they are, or nothing does.</summary>
    public string? RowsAtFault { get; init; }

    public required Consequence Consequence { get; init; }

    /// <summary>One of the standard's dimensions: accuracy, completeness, …; null when the contract names none.</summary>
    public string? Dimension { get; init; }

    /// <summary>What a failure means to those who use the data; null when the contract does not say.</summary>
    public string? BusinessImpact { get; init; }

    /// <summary>Whether single rows can be told to be at fault.</summary>
    public bool PicksRows => RowsAtFault is not null || Metric is not (null or QualityMetric.RowCount);
}
