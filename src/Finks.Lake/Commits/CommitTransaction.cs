using System.Text.Encodings.Web;
using System.Text.Json;
using Finks.Lake.Catalog;
using Finks.Lake.Storage;

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

    private CommitTransaction(LedgerTransaction database, ZoneStore store, IdSource ids)
    {
        Database = database;
        Store = store;
        Ids = ids;
    }

    public LedgerTransaction Database { get; }

    public ZoneStore Store { get; }

    public IdSource Ids { get; }

    public ChangeList Changes => _changes;

    /// <summary>The snapshot that this commit makes.</summary>
    public long Id { get; private set; }

    public static CommitResult Run(LedgerTransaction database, LakeCommit commit, ZoneStore store, LakeOptions options)
    {
        // The first look was without the lock: the same work may have been committed since.
        if (SnapshotReader.FindCommit(database, commit.IdempotencyKey) is { } earlier)
            return new CommitResult(earlier, AlreadyCommitted: true);
        CommitCheck.Verify(commit, store);
        var last = SnapshotReader.Newest(database);
        ConflictCheck.Verify(database, commit, last);
        var transaction = new CommitTransaction(database, store, options.Ids);
        transaction.Begin(last);
        foreach (var table in commit.Drops)
            transaction.Drop(table);
        foreach (var write in commit.Writes)
            TableCommit.Apply(transaction, write);
        commit.Also?.Invoke(transaction);
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
            "SELECT count(*) FROM ducklake_schema_versions WHERE begin_snapshot = @snapshot AND table_id = @table", ("snapshot", Id), ("table", tableId)) == 0)
            Database.Insert("ducklake_schema_versions", ("begin_snapshot", Id), ("schema_version", _schemaVersion), ("table_id", tableId));
    }

    private void Drop(TableName name) => TableSchema.Drop(this, CatalogReader.FindTable(Database, Id - 1, name)
        ?? throw new LakeException($"The table {name} cannot be dropped: the lake has no such table. Take it out of the commit's drops."));

    private void Begin(Snapshot last)
    {
        Id = last.Id + 1;
        _schemaVersion = last.SchemaVersion;
        (_nextCatalogId, _nextFileId) = Database.Query(
            "SELECT next_catalog_id, next_file_id FROM ducklake_snapshot WHERE snapshot_id = @id", r => (r.GetInt64(0), r.GetInt64(1)), ("id", last.Id))[0];
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
        Database.Insert(
            "finks_commit",
            ("idempotency_key", commit.IdempotencyKey), ("snapshot_id", Id), ("snapshot_time", time), ("schema_version", _schemaVersion),
            ("author", commit.Author), ("message", commit.Message), ("extra_info", snapshot.ExtraInfo));
        Database.SnapshotId = Id;
        Database.SnapshotTime = time;
        commit.Ledger?.Invoke(Database);
        return snapshot;
    }
}
