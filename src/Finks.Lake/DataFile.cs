namespace Finks.Lake;

/// <summary>A Parquet file of a table. It never changes.</summary>
/// <param name="Key">Of the lake's store; an absolute path for a file that another writer put outside.</param>
/// <param name="PartitionValue">The year as text; null for an unpartitioned table and for rows without a date.</param>
/// <param name="RowIdStart">The row id of the first row; null for files that a compaction made.</param>
/// <param name="AddedBy">The id of the snapshot that added the file.</param>
/// <param name="Columns">What is known of each column, by name.</param>
public sealed record DataFile(
    long Id,
    string Key,
    long Rows,
    long Bytes,
    string? PartitionValue,
    long? RowIdStart,
    long AddedBy,
    IReadOnlyDictionary<string, ColumnRange> Columns);

/// <param name="Min">DuckLake's text form; null when there is no value or the bound is unknown. NaN is left out.</param>
/// <param name="Values">The number of values that are not NULL.</param>
public sealed record ColumnRange(string? Min, string? Max, long? Values, long? Nulls, bool? ContainsNan);
