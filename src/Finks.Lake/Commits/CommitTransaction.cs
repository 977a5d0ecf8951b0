using System.Text.Encodings.Web;
using System.Text.Json;
using Finks.Lake.Catalog;

namespace Finks.Lake.Commits;

/// <summary>One commit inside its transaction: the numbers it takes, and the order of what it changes.</summary>
internal sealed class CommitTransaction
{
    /// <summary>The text is for people too, so letters beyond ASCII stay as they are.</summary>
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ChangeList _changes = new();
    private long _schemaVersion;
    private long _nextCatalogId;
    private long _nextFileId;
    private bool _schemaChanged;

    private CommitTransaction(LedgerTransaction database, LakePaths paths, IdSource ids)
    {
        Database = database;
        Paths = paths;
        Ids = ids;
    }

    public LedgerTransaction Database { get; }

    public LakePaths Paths { get; }

    public IdSource Ids { get; }

    public ChangeList Changes => _changes;

    /// <summary>The snapshot that this commit makes.</summary>
    public long Id { get; private set; }

    public static CommitResult Run(LedgerTransaction database, LakeCommit commit, LakePaths paths, LakeOptions options)
    {
        // The first look was without the lock: the same work may have been committed since.
        if (SnapshotReader.FindCommit(database.Connection, commit.IdempotencyKey) is { } earlier)
            return new CommitResult(earlier, AlreadyCommitted: true);
        CommitCheck.Verify(commit, paths);
        var last = SnapshotReader.Newest(database.Connection);
        var transaction = new CommitTransaction(database, paths, options.Ids);
        transaction.Begin(last);
        var tables = CatalogReader.Tables(database.Connection, paths, last.Id);
        foreach (var write in commit.Writes)
            TableCommit.Apply(transaction, write, tables);
        return new CommitResult(transaction.Finish(commit, Microseconds.After(last.Time, options.Clock.GetUtcNow())), AlreadyCommitted: false);
    }

    /// <summary>For schemas, tables, partition and sort specifications.</summary>
    public long NewCatalogId() => _nextCatalogId++;

    public long NewFileId() => _nextFileId++;

    /// <summary>Notes a change of the schema: the version goes up once per commit, and each table created or altered gets a row.</summary>
    public void SchemaChanged(long? tableId = null)
    {
        if (!_schemaChanged)
            _schemaVersion++;
        _schemaChanged = true;
        if (tableId is not null && Database.Scalar<long>(
            "SELECT count(*) FROM ducklake_schema_versions WHERE begin_snapshot = $snapshot AND table_id = $table", ("snapshot", Id), ("table", tableId)) == 0)
            Database.Insert("ducklake_schema_versions", ("begin_snapshot", Id), ("schema_version", _schemaVersion), ("table_id", tableId));
    }

    private void Begin(Snapshot last)
    {
        Id = last.Id + 1;
        _schemaVersion = last.SchemaVersion;
        (_nextCatalogId, _nextFileId) = Database.Query(
            "SELECT next_catalog_id, next_file_id FROM ducklake_snapshot WHERE snapshot_id = $id", r => (r.GetInt64(0), r.GetInt64(1)), ("id", last.Id))[0];
    }

    private Snapshot Finish(LakeCommit commit, DateTimeOffset time)
    {
        var extra = new SortedDictionary<string, string>(commit.Extra.ToDictionary(), StringComparer.Ordinal)
        {
            ["idempotency_key"] = commit.IdempotencyKey,
        };
        var snapshot = new Snapshot(Id, time, _schemaVersion, commit.Author, commit.Message, JsonSerializer.Serialize(extra, Json));
        Database.Insert(
            "ducklake_snapshot",
            ("snapshot_id", Id), ("snapshot_time", time), ("schema_version", _schemaVersion), ("next_catalog_id", _nextCatalogId),
            ("next_file_id", _nextFileId));
        Database.Insert(
            "ducklake_snapshot_changes",
            ("snapshot_id", Id), ("changes_made", _changes.ToString()), ("author", commit.Author), ("commit_message", commit.Message),
            ("commit_extra_info", snapshot.ExtraInfo));
        Database.Insert("finks_commit", ("idempotency_key", commit.IdempotencyKey), ("snapshot_id", Id), ("committed_at", time));
        Database.SnapshotId = Id;
        Database.SnapshotTime = time;
        commit.Ledger?.Invoke(Database);
        return snapshot;
    }
}
