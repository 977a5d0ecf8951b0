namespace Finks.Lake.Catalog;

/// <summary>Where the rows of a table are that one snapshot has: files with what is to be left out of them, and rows inside the catalog.</summary>
/// <param name="Maps">For files without field ids: the names of their columns, by map and field id.</param>
internal sealed record TableContents(
    IReadOnlyList<ScanFile> Files, ILookup<long, (long Field, string Source, bool IsPartition)> Maps, IReadOnlyList<InlinedRows> Inlined);

/// <param name="RowIdStart">Null when the rows carry their ids themselves.</param>
/// <param name="HasLaterRows">Rows of later snapshots were merged into it; each row tells its snapshot.</param>
/// <param name="Map">Null when its columns have field ids.</param>
/// <param name="Deleted">Positions whose deletion the catalog itself keeps.</param>
internal sealed record ScanFile(
    long Id, string Key, long Bytes, long? RowIdStart, bool HasLaterRows, long? Map, ScanDelete? Delete, IReadOnlyList<long> Deleted)
{
    /// <summary>Many of these can be read at once.</summary>
    public bool IsPlain => !HasLaterRows && Map is null && Delete is null && Deleted.Count == 0;
}

/// <param name="HasLaterRows">It names deletions of later snapshots too; each tells its snapshot.</param>
internal sealed record ScanDelete(string Key, bool HasLaterRows);

/// <summary>Rows that were too few for a file, as text.</summary>
/// <param name="Fields">The field ids of the values.</param>
internal sealed record InlinedRows(IReadOnlyList<long> Fields, IReadOnlyList<(long RowId, IReadOnlyList<string?> Values)> Rows);
