namespace Finks.Lake;

/// <summary>A table as one snapshot has it.</summary>
/// <param name="Id">Changes when the table is dropped and made anew, not when columns are added.</param>
/// <param name="Folder">The absolute path of the folder of its files, under the lake's present home.</param>
public sealed record LakeTable(
    long Id,
    string Schema,
    string Name,
    string Folder,
    IReadOnlyList<LakeColumn> Columns,
    string? PartitionByYearOf,
    IReadOnlyList<SortKey> SortBy,
    string? Comment)
{
    internal string FullName => $"{Schema}.{Name}";

    /// <summary>The partition specification that new files belong to; null for none.</summary>
    internal long? PartitionId { get; init; }
}

/// <param name="Id">The field id of the column in the Parquet files.</param>
/// <param name="DuckDbType">For a type that Finks does not know, DuckLake's own name; such a table cannot be read through Finks.</param>
public sealed record LakeColumn(long Id, string Name, string DuckDbType, bool NullsAllowed, string? Comment)
{
    /// <summary>The field id of a list's element.</summary>
    internal long? ElementId { get; init; }
}
