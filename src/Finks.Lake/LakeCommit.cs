namespace Finks.Lake;

/// <summary>All that becomes visible together as one snapshot.</summary>
public sealed record LakeCommit
{
    /// <summary>Names the work, not the attempt: a second commit with the same key changes nothing and gets the first one's
    /// snapshot.</summary>
    public required string IdempotencyKey { get; init; }

    public required string Author { get; init; }

    public required string Message { get; init; }

    /// <summary>At most one per table. May be empty when only the ledger changes.</summary>
    public IReadOnlyList<TableWrite> Writes { get; init; } = [];

    /// <summary>Further facts for <see cref="Snapshot.ExtraInfo"/>.</summary>
    public IReadOnlyDictionary<string, string> Extra { get; init; } = new Dictionary<string, string>();

    /// <summary>Runs inside the same transaction; an exception takes the commit back. Must not open another write transaction.</summary>
    public Action<LedgerTransaction>? Ledger { get; init; }
}

/// <param name="AlreadyCommitted">The key was known: the snapshot is the earlier commit's and nothing was written.</param>
public sealed record CommitResult(Snapshot Snapshot, bool AlreadyCommitted);

public enum WriteMode
{
    /// <summary>Adds the files.</summary>
    Append,

    /// <summary>Ends the live files of <see cref="TableWrite.ReplacedPartitions"/> and adds the files, which must lie in these
    /// partitions.</summary>
    ReplacePartitions,

    /// <summary>Ends all live files and adds the files. The only mode that may change a table's columns otherwise than by adding some at
    /// the end.</summary>
    ReplaceAll,
}

/// <summary>What a commit does to one table; the table is created when it is absent.</summary>
public sealed record TableWrite(TableDefinition Table, WriteMode Mode, IReadOnlyList<WrittenFile> Files)
{
    /// <summary>Years as text, and null for the rows without a date; for <see cref="WriteMode.ReplacePartitions"/> only.</summary>
    public IReadOnlyCollection<string?> ReplacedPartitions { get; init; } = [];
}
