using Finks.Lake.Catalog;

namespace Finks.Lake.Maintenance;

/// <summary>A live data file, with all that a merge must know of it.</summary>
/// <param name="Folder">Of its path below the table's; new files go there too.</param>
/// <param name="RowIdStart">Null when the rows carry their ids themselves.</param>
/// <param name="Delete">The delete file that takes rows out of it; null for none.</param>
/// <param name="PartitionValues">Value by key index, in order.</param>
internal sealed record CompactionSource(
    long Id, string Key, string Folder, long Rows, long Bytes, string? Sha256, long? RowIdStart, DeleteFile? Delete, long? PartitionId,
    IReadOnlyList<(long Index, string? Value)> PartitionValues)
{
    /// <summary>Files of one partition have this in common.</summary>
    public string Partition => $"{PartitionId}/{Folder}/{string.Join('/', PartitionValues.Select(v => $"{v.Index}={v.Value ?? "\0"}"))}";

    public long LiveRows => Rows - (Delete?.Rows ?? 0);

    public static IReadOnlyList<CompactionSource> Live(LedgerReader reader, LakeTable table)
    {
        var values = reader.Query(
            """
            SELECT p.data_file_id, p.partition_key_index, p.partition_value FROM ducklake_file_partition_value p
            JOIN ducklake_data_file f USING (data_file_id) WHERE f.table_id = @table AND f.end_snapshot IS NULL ORDER BY 1, 2
            """,
            r => (File: r.GetInt64(0), Index: r.GetInt64(1), Value: r.Text(2)), ("table", table.Id)).ToLookup(v => v.File, v => (v.Index, v.Value));
        return reader.Query(
            """
            SELECT f.data_file_id, f.path, f.path_is_relative, f.record_count, f.file_size_bytes, h.sha256, f.row_id_start, f.partition_id,
              d.delete_file_id, d.path, d.path_is_relative, d.delete_count, d.file_size_bytes
            FROM ducklake_data_file f LEFT JOIN finks_file_hash h USING (data_file_id)
            LEFT JOIN ducklake_delete_file d ON d.data_file_id = f.data_file_id AND d.end_snapshot IS NULL
            WHERE f.table_id = @table AND f.end_snapshot IS NULL ORDER BY f.data_file_id
            """,
            r =>
            {
                var relative = r.Flag(2) ?? true;
                var path = r.GetString(1);
                var delete = r.Number(8) is { } id
                    ? new DeleteFile(id, r.Flag(10) == false ? CatalogPath.Key(r.GetString(9)) : table.Prefix + r.GetString(9), r.GetInt64(11), r.GetInt64(12))
                    : null;
                return new CompactionSource(
                    r.GetInt64(0), relative ? table.Prefix + path : CatalogPath.Key(path), relative ? path[..(path.LastIndexOf('/') + 1)] : "", r.GetInt64(3), r.GetInt64(4), r.Text(5),
                    r.Number(6), delete, r.Number(7), [.. values[r.GetInt64(0)]]);
            },
            ("table", table.Id));
    }
}

internal sealed record DeleteFile(long Id, string Key, long Rows, long Bytes);

/// <summary>Small files of one partition that become fewer.</summary>
internal sealed record CompactionGroup(IReadOnlyList<CompactionSource> Sources)
{
    /// <summary>A merge sorts at most about this many target sizes at once, which bounds the scratch space.</summary>
    private const int MaxTargets = 16;

    public long LiveRows => Sources.Sum(s => s.LiveRows);

    /// <summary>What is to be merged, partition by partition, each oldest file first.</summary>
    public static IReadOnlyList<CompactionGroup> Of(IReadOnlyList<CompactionSource> live, CompactionRequest request) =>
    [
        .. live.Where(s => s.Bytes < request.TargetBytes / 2)
            .GroupBy(s => s.Partition, StringComparer.Ordinal)
            .SelectMany(partition => Cut(partition, request.TargetBytes * MaxTargets))
            .Where(sources => sources.Count >= Math.Max(2, request.MinFiles))
            .Select(sources => new CompactionGroup(sources)),
    ];

    private static IEnumerable<List<CompactionSource>> Cut(IEnumerable<CompactionSource> sources, long most)
    {
        var next = new List<CompactionSource>();
        var bytes = 0L;
        foreach (var source in sources)
        {
            if (next.Count > 0 && bytes + source.Bytes > most)
            {
                yield return next;
                (next, bytes) = ([], 0);
            }

            next.Add(source);
            bytes += source.Bytes;
        }

        yield return next;
    }
}
