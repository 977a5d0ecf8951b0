namespace Finks.Lake;

/// <summary>A Parquet file that is stored among a table's files and that no snapshot names yet.</summary>
public sealed record WrittenFile
{
    /// <summary>Relative to the table's folder, with forward slashes.</summary>
    public required string Path { get; init; }

    public required long Rows { get; init; }

    public required long Bytes { get; init; }

    /// <summary>Of its bytes, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The size of the Parquet footer.</summary>
    public required long FooterBytes { get; init; }

    /// <summary>The year as text; null for an unpartitioned table and for rows without a date.</summary>
    public string? PartitionValue { get; init; }

    /// <summary>One for each column; a list's describes its elements.</summary>
    public required IReadOnlyList<ColumnStatistics> Columns { get; init; }
}

/// <param name="FieldId">The field id in the file: of the column, or of a list's element.</param>
/// <param name="Min">DuckLake's text form, null when there is no value or the bound is unknown. NaN is left out.</param>
/// <param name="Values">Values that are not NULL, NaN included.</param>
/// <param name="ContainsNan">Null for types without NaN.</param>
public sealed record ColumnStatistics(
    long FieldId, string Column, long Bytes, long Values, long Nulls, string? Min, string? Max, bool? ContainsNan);
