namespace Finks.Contracts;

/// <summary>
/// One dataset as its contract describes it: where it comes from, what a row means, what must hold.
/// Read from an Open Data Contract Standard 3.1 file; what the standard has no place for stands under <c>customProperties</c>.
/// </summary>
public sealed record Contract
{
    /// <summary>The contract's own identifier (<c>id</c>), stable over its versions.</summary>
    public required string Id { get; init; }

    /// <summary>The dataset's name (<c>schema[0].name</c>), which is also the Silver table's: <c>eod_price_raw</c>.</summary>
    public required string Dataset { get; init; }

    /// <summary>Semantic version of the contract.</summary>
    public required string Version { get; init; }

    /// <summary>What a row of the dataset is, for people.</summary>
    public required string Description { get; init; }

    /// <summary>Columns in the order in which Silver stores them.</summary>
    public required IReadOnlyList<ContractColumn> Columns { get; init; }

    /// <summary>Where and how the rows are asked for.</summary>
    public required SourceRequest Source { get; init; }

    /// <summary>What a reply proves to be complete, so that a row absent from it counts as withdrawn; null when a reply proves nothing.</summary>
    public Completeness? CompleteWithin { get; init; }

    /// <summary>A date column by whose year the Silver table is partitioned; null for small tables.</summary>
    public string? PartitionByYearOf { get; init; }

    /// <summary>What must hold beyond single rows, and what follows when it does not.</summary>
    public QualityTerms Quality { get; init; } = new();

    /// <summary>The file the contract was read from, for messages.</summary>
    public required string File { get; init; }

    /// <summary>Whether any column holds personal data.</summary>
    public bool IsPersonal => Columns.Any(c => c.Masking != Masking.None);

    /// <summary>Names of the columns that identify a row, in key order (<c>primaryKeyPosition</c>).</summary>
    public IReadOnlyList<string> Key => [.. Columns.Where(c => c.KeyPosition is not null).OrderBy(c => c.KeyPosition).Select(c => c.Name)];
}

/// <summary>One column of a dataset.</summary>
public sealed record ContractColumn
{
    /// <summary>The column's name in Silver, in snake case: <c>record_date</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The name that the column had in Silver before; rows that are there follow it. Null when it has always had its name.</summary>
    public string? RenamedFrom { get; init; }

    /// <summary>The field's name in the source's reply (<c>physicalName</c>): <c>recordDate</c>.</summary>
    public required string SourceField { get; init; }

    /// <summary>Other spellings of the field that the source has used.</summary>
    public IReadOnlyList<string> SourceAliases { get; init; } = [];

    /// <summary>The type of the source's values, on which all checks are made.</summary>
    public required ColumnType Type { get; init; }

    /// <summary>What becomes of the values on their way into Silver; anything but <see cref="Masking.None"/> marks personal data.</summary>
    public Masking Masking { get; init; }

    /// <summary>The type in Silver: a hash is text.</summary>
    public ColumnType StoredType => Masking == Masking.Hash ? new ColumnType(ColumnKind.Text) : Type;

    /// <summary>Whether Silver may hold null: always when a redacted value leaves one.</summary>
    public bool NullsStored => !Required || (Masking == Masking.Redact && Type.Kind != ColumnKind.Text);

    /// <summary>Whether a row without a value is rejected.</summary>
    public bool Required { get; init; }

    /// <summary>The place in the key, from 1; null when the column is no part of it.</summary>
    public int? KeyPosition { get; init; }

    /// <summary>IANA name of the zone of a wall-clock time in the source (<c>America/New_York</c>); null when the text has no time of day.</summary>
    public string? SourceZone { get; init; }

    /// <summary>Smallest value allowed, for numbers.</summary>
    public decimal? Minimum { get; init; }

    /// <summary>Largest value allowed, for numbers.</summary>
    public decimal? Maximum { get; init; }

    /// <summary>Value that a number must exceed; null when there is none.</summary>
    public decimal? ExclusiveMinimum { get; init; }

    /// <summary>Value that a number must stay below; null when there is none.</summary>
    public decimal? ExclusiveMaximum { get; init; }

    /// <summary>Fewest characters (Unicode code points) of a text.</summary>
    public int? MinLength { get; init; }

    /// <summary>Most characters (Unicode code points) of a text.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Regular expression (.NET) that a whole text value must match.</summary>
    public string? Pattern { get; init; }

    /// <summary>The only values allowed; empty when any is.</summary>
    public IReadOnlyList<string> AllowedValues { get; init; } = [];

    /// <summary>Meaning, unit and currency, for people.</summary>
    public required string Description { get; init; }
}

/// <summary>The kinds of value that Silver stores.</summary>
public enum ColumnKind
{
    /// <summary>Text, UTF-8.</summary>
    Text,

    /// <summary>64-bit integer.</summary>
    Integer,

    /// <summary>Exact decimal with the given precision and scale.</summary>
    Decimal,

    /// <summary>64-bit binary floating point, for ratios and scores only.</summary>
    Double,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>Calendar date without a zone.</summary>
    Date,

    /// <summary>An instant, UTC.</summary>
    Timestamp,
}

/// <summary>A column's type: the kind and, for decimals, precision and scale.</summary>
public readonly record struct ColumnType(ColumnKind Kind, int Precision = 0, int Scale = 0)
{
    /// <summary>The type as DuckDB writes it.</summary>
    public string DuckDbName => Kind switch
    {
        ColumnKind.Text => "VARCHAR",
        ColumnKind.Integer => "BIGINT",
        ColumnKind.Decimal => $"DECIMAL({Precision},{Scale})",
        ColumnKind.Double => "DOUBLE",
        ColumnKind.Boolean => "BOOLEAN",
        ColumnKind.Date => "DATE",
        ColumnKind.Timestamp => "TIMESTAMPTZ",
        _ => throw new InvalidOperationException($"Unknown column kind {Kind}."),
    };
}

/// <summary>How the dataset is asked for at its source.</summary>
public sealed record SourceRequest
{
    /// <summary>The source's name: <c>fmp</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Path below the source's base address: <c>historical-price-eod/full</c>.</summary>
    public required string Endpoint { get; init; }

    /// <summary>
    /// Parameter sets that together give the dataset for one symbol; most have one.
    /// A value may hold the placeholders <c>{symbol}</c>, <c>{from}</c> and <c>{to}</c>.
    /// </summary>
    public required IReadOnlyList<IReadOnlyDictionary<string, string>> ParameterSets { get; init; }

    /// <summary>How a symbol's history is asked for.</summary>
    public required RequestWindow Window { get; init; }

    /// <summary>The most rows the source puts in a reply before it drops the rest silently; null when none is known.</summary>
    public int? MaxRowsPerReply { get; init; }

    /// <summary>How long a whole reply stays fresh: a symbol is asked for again after that.</summary>
    public required TimeSpan Cadence { get; init; }

    /// <summary>The dataset whose new rows make the source rewrite all history of this one (splits rewrite adjusted prices); null when none does.</summary>
    public string? RewrittenBy { get; init; }

    /// <summary>Where each row's knowledge time comes from; <c>fetched_at</c> is the only rule so far.</summary>
    public required string KnowledgeTime { get; init; }
}

/// <summary>How a symbol's history is asked for.</summary>
public enum RequestWindow
{
    /// <summary>Each reply holds all there is.</summary>
    Whole,

    /// <summary>Replies cover the dates from <c>{from}</c> to <c>{to}</c>, both included.</summary>
    DateRange,
}

/// <summary>A reply is complete for each combination of <see cref="By"/> between the smallest and the largest <see cref="Range"/> that it holds.</summary>
/// <param name="By">Column names.</param>
/// <param name="Range">A date column; null when a reply is complete for its <see cref="By"/> altogether.</param>
public sealed record Completeness(IReadOnlyList<string> By, string? Range);
