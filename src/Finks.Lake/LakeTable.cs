using Finks.Lake.Types;

namespace Finks.Lake;

/// <summary>A table as one snapshot has it.</summary>
/// <param name="Id">Changes when the table is dropped and made anew, not when it or its columns change.</param>
/// <param name="Prefix">What leads the keys of its files, with a slash at its end; an absolute path for a table that another writer put
/// outside.</param>
public sealed record LakeTable(
    long Id,
    string Schema,
    string Name,
    string Prefix,
    IReadOnlyList<LakeColumn> Columns,
    string? PartitionByYearOf,
    IReadOnlyList<SortKey> SortBy,
    string? Comment)
{
    internal string FullName => $"{Schema}.{Name}";

    /// <summary>The partition specification that new files belong to; null for none.</summary>
    internal long? PartitionId { get; init; }

    /// <summary>The field id of the next new column; ids of dropped ones are not used again.</summary>
    internal long NextColumnId { get; init; }
}

/// <param name="Id">The field id of the column in the Parquet files.</param>
/// <param name="DuckDbType">Types that only other writers use are here too: structs, maps, lists of lists.</param>
/// <param name="Default">What other writers put in when they say nothing, as text; null for NULL.</param>
public sealed record LakeColumn(long Id, string Name, string DuckDbType, bool NullsAllowed, string? Comment, string? Default = null)
{
    /// <summary>What rows of files have that are older than the column, as text.</summary>
    internal string? InitialDefault { get; init; }

    /// <summary>The place among its siblings.</summary>
    internal long Order { get; init; }

    /// <summary>The fields of a struct, the element of a list, key and value of a map.</summary>
    internal IReadOnlyList<LakeColumn> Children { get; init; } = [];

    /// <summary>Null for a type that Finks does not write.</summary>
    internal LakeType? Type { get; init; }

    /// <summary>The field id of a list's element.</summary>
    internal long? ElementId => Type?.Element is null ? null : Children[0].Id;
}
