using Finks.Lake.Commits;

namespace Finks.Lake;

/// <summary>All that becomes visible together as one snapshot.</summary>
public sealed record LakeCommit
{
    /// <summary>Names the work, not the attempt: a second commit with the same key changes nothing and gets the first one's
    /// snapshot.</summary>
    public required string IdempotencyKey { get; init; }

    public required string Author { get; init; }

    public required string Message { get; init; }

    /// <summary>The snapshot that the work was computed from. When others have committed since, the commit is made only if they did nothing that conflicts
    /// with its writes or has changed a table of <see cref="Reads"/>. Null when the work depends on nothing that is in the lake: then all is
    /// written to whatever is there.</summary>
    public Snapshot? Basis { get; init; }

    /// <summary>Tables whose rows or columns at <see cref="Basis"/> the work depends on, those that were not there yet included.</summary>
    public IReadOnlyCollection<TableName> Reads { get; init; } = [];

    /// <summary>Tables to drop, before anything is written. Older snapshots keep them.</summary>
    public IReadOnlyCollection<TableName> Drops { get; init; } = [];

    /// <summary>At most one per table. May be empty when only the ledger changes.</summary>
    public IReadOnlyList<TableWrite> Writes { get; init; } = [];

    /// <summary>Further facts for <see cref="Snapshot.ExtraInfo"/>.</summary>
    public IReadOnlyDictionary<string, string> Extra { get; init; } = new Dictionary<string, string>();

    /// <summary>Runs inside the same transaction; an exception takes the commit back. Must not open another write transaction.</summary>
    public Action<LedgerTransaction>? Ledger { get; init; }

    /// <summary>Changes of the catalog that are no write of a table.</summary>
    internal Action<CommitTransaction>? Also { get; init; }
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

    /// <summary>Ends all live files and adds the files. Since no row stays, the columns may become anything.</summary>
    ReplaceAll,
}

/// <summary>
/// What a commit does to one table; the table is created when it is absent, and otherwise becomes what the definition says: columns are matched by name,
/// new ones added, wider types and other names taken over. Older snapshots keep what they have.
/// </summary>
public sealed record TableWrite(TableDefinition Table, WriteMode Mode, IReadOnlyList<WrittenFile> Files)
{
    /// <summary>Years as text, and null for the rows without a date; for <see cref="WriteMode.ReplacePartitions"/> only.</summary>
    public IReadOnlyCollection<string?> ReplacedPartitions { get; init; } = [];
}
