namespace Finks.Lake.Maintenance;

/// <summary>What a compaction shall do.</summary>
public sealed record CompactionRequest
{
    /// <summary><c>schema.table</c>; empty for all tables.</summary>
    public IReadOnlyList<string> Tables { get; init; } = [];

    /// <summary>About how large the new files shall be. Default 128 MB. Files below half of it are merged, so that what came out a little smaller than meant is
    /// not merged again.</summary>
    public long TargetBytes { get; init; } = 128L << 20;

    /// <summary>The fewest small files of a partition that are worth a merge. Default and least 2.</summary>
    public int MinFiles { get; init; } = 2;

    /// <summary>Says what would be merged and merges nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Threads of DuckDB. Default: the processor count. The files do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}

/// <summary>What became of one table.</summary>
/// <param name="FilesBefore">Files that were merged, or would be.</param>
/// <param name="FilesAfter">Files they became; null for a dry run.</param>
/// <param name="Snapshot">What the merge was committed as; null when nothing was merged.</param>
/// <param name="Skipped">Why the table cannot be compacted; null when it can.</param>
public sealed record TableCompaction(
    string Table, int FilesBefore, int? FilesAfter, long BytesBefore, long? BytesAfter, long Rows, Snapshot? Snapshot, string? Skipped = null);
