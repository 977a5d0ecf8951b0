using Finks.Lake.Catalog;
using Finks.Lake.Commits;
using Finks.Lake.Files;
using Finks.Lake.Maintenance;
using Finks.Lake.Storage;

namespace Finks.Lake;

/// <summary>
/// Tables of Parquet files under one transactional catalog, DuckLake 1.0, which any DuckDB with the ducklake extension can attach.
/// Every commit makes one snapshot of the whole lake, and snapshots never change. Safe for use by several threads and processes.
/// </summary>
public sealed class DataLake : IDisposable
{
    private readonly LakeOptions _options;

    private DataLake(LakeOptions options, LakePaths paths)
    {
        _options = options;
        Paths = paths;
        Database = new LakeDatabase(options.CatalogOrDefault, options.Reached);
        Store = options.Store ?? new LocalStore(paths.Home);
        Writer = new ParquetWriter(Store, Present, options.Reached);
    }

    public LakePaths Paths { get; }

    public CatalogLocation Catalog => _options.CatalogOrDefault;

    /// <summary>Where the files of the zones are.</summary>
    public ZoneStore Store { get; }

    public LakeDatabase Database { get; }

    /// <summary>Where identifiers and file names come from.</summary>
    public IdSource Ids => _options.Ids;

    public ParquetWriter Writer { get; }

    /// <summary>Opens the lake at <see cref="LakeOptions.Home"/>, or creates an empty one there.</summary>
    /// <exception cref="LakeException">The catalog is not Finks's, or of another version or environment; or there is none and
    /// <see cref="LakeOptions.MustExist"/>.</exception>
    public static DataLake Open(LakeOptions options)
    {
        var paths = new LakePaths(options.Home, options.Environment, options.ZonePrefix);
        if (options.MustExist && options.CatalogOrDefault is CatalogLocation.Sqlite { File: var file } && !File.Exists(file))
            throw CatalogFile.Absent(options);
        Directory.CreateDirectory(paths.Home);
        var lake = new DataLake(options, paths);
        try
        {
            lake.Store.Prepare(paths.Zones, paths.Environment);
            CatalogFile.Open(lake.Database, options, paths, lake.Store);
            TableChanges.EnsureTables(lake.Database);
            return lake;
        }
        catch
        {
            lake.Dispose();
            throw;
        }
    }

    public Snapshot CurrentSnapshot() => Database.Read(SnapshotReader.Newest);

    /// <summary>The newest snapshot that is not later than <paramref name="time"/>.</summary>
    /// <exception cref="LakeException">The lake is younger; the message names the oldest and the newest snapshot.</exception>
    public Snapshot SnapshotAsOf(DateTimeOffset time) => Database.Read(reader => SnapshotReader.AsOf(reader, time));

    /// <exception cref="LakeException">There is none, or none any more; the message names the oldest and the newest.</exception>
    public Snapshot SnapshotById(long id) => Database.Read(reader => SnapshotReader.Get(reader, id));

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Snapshot> Snapshots() => Database.Read(SnapshotReader.All);

    public LakeTable? FindTable(string schema, string table, Snapshot at) =>
        Database.Read(reader => CatalogReader.FindTable(reader, at.Id, new TableName(schema, table)));

    public IReadOnlyList<LakeTable> Tables(Snapshot at) => Database.Read(reader => CatalogReader.Tables(reader, at.Id));

    /// <summary>The files that hold the table's rows, oldest first.</summary>
    public IReadOnlyList<DataFile> Files(LakeTable table, Snapshot at) =>
        Database.Read(reader => FileReader.Files(reader, table, at.Id));

    /// <summary>The files that were added after one snapshot and are live in a later one.</summary>
    public IReadOnlyList<DataFile> Files(LakeTable table, Snapshot after, Snapshot upTo) =>
        Database.Read(reader => FileReader.Files(reader, table, upTo.Id, after.Id));

    /// <summary>The id of the newest snapshot, not after <paramref name="at"/>, that changed rows or columns of the table. Compaction and expiry are no
    /// changes.</summary>
    public long ChangedBy(LakeTable table, Snapshot at) => Database.Read(reader => TableChanges.Newest(reader, table.Id, at.Id));

    /// <summary>A DuckDB select of all columns, in the table's order, of the rows that the snapshot has.</summary>
    /// <exception cref="LakeException">Another DuckLake writer left something in the table that Finks does not read.</exception>
    public string ReadSql(LakeTable table, Snapshot at)
    {
        var contents = Database.Read(reader => ContentsReader.Read(reader, table, at.Id));
        return TableSelect.Write(table, contents, at.Id, Store);
    }

    /// <summary>Keys of the files in which another writer marked rows of the table as deleted; Finks itself writes none.</summary>
    /// <exception cref="LakeException">Another DuckLake writer left something in the table that Finks does not read.</exception>
    public IReadOnlyCollection<string> DeleteFiles(LakeTable table, Snapshot at) => Database.Read(reader => FileReader.DeleteFiles(reader, table, at.Id)).Values;

    /// <summary>The snapshot that the commit with this key made, an expired one too; null when there was no such commit.</summary>
    public Snapshot? FindCommit(string idempotencyKey) =>
        Database.Read(reader => SnapshotReader.FindCommit(reader, idempotencyKey));

    /// <summary>Makes written files visible, all in one transaction. Concurrent commits, of other processes too, follow one
    /// another.</summary>
    /// <exception cref="LakeException">A file is missing or breaks its table's rules, the table cannot become what the write says, or the basis has been
    /// expired.</exception>
    /// <exception cref="ConflictException">Others have committed since the basis, or since the files were written, what is in this commit's way.</exception>
    public CommitResult Commit(LakeCommit commit)
    {
        if (FindCommit(commit.IdempotencyKey) is { } earlier)
            return new CommitResult(earlier, AlreadyCommitted: true);
        return Database.Write(transaction => CommitTransaction.Run(transaction, commit, Store, _options));
    }

    /// <summary>Changes ledgers only, without a snapshot, if nobody has changed what the change was computed from.</summary>
    /// <param name="basis">The snapshot it was computed from.</param>
    /// <param name="reads">The tables whose rows or columns at that snapshot it depends on.</param>
    /// <exception cref="LakeException">The basis has been expired.</exception>
    /// <exception cref="ConflictException">Another commit has changed one of the tables since.</exception>
    public void WriteLedger(Snapshot basis, IReadOnlyCollection<TableName> reads, Action<LedgerTransaction> ledger) => Database.Write(transaction =>
    {
        ConflictCheck.Verify(transaction, basis, reads, SnapshotReader.Newest(transaction));
        ledger(transaction);
    });

    /// <summary>Deletes Parquet files of the Silver and Gold zones that no snapshot names.</summary>
    /// <param name="grace">Only files last written longer ago than this: younger ones may belong to a commit under way.</param>
    /// <param name="dryRun">Lists them and deletes nothing.</param>
    /// <returns>Their keys.</returns>
    internal IReadOnlyList<string> SweepOrphans(TimeSpan grace, bool dryRun) =>
        Database.Write(transaction => OrphanSweep.Run(transaction, Paths, Store, _options.Clock.GetUtcNow() - grace, dryRun));

    /// <summary>The SQL with which any DuckDB opens the lake, all its snapshots included.</summary>
    public string AttachSql()
    {
        var stored = Database.Read(reader =>
            reader.Scalar<string>("SELECT value FROM ducklake_metadata WHERE key = 'data_path' AND scope IS NULL"));
        var here = CatalogPath.DataPath(Store, Paths);
        var (target, option) = Database.Attach();
        string[] options =
        [
            .. stored == here ? Array.Empty<string>() : [$"DATA_PATH {SqlText.Literal(here)}", "OVERRIDE_DATA_PATH true"],
            .. option is null ? Array.Empty<string>() : [option],
        ];
        return $"ATTACH {SqlText.Literal("ducklake:" + target)} AS lake{(options.Length == 0 ? "" : $" ({string.Join(", ", options)})")};";
    }

    /// <summary>Lets go of the catalog and of the files that were fetched.</summary>
    public void Dispose()
    {
        Store.Dispose();
        Database.Release();
    }

    internal TimeProvider Clock => _options.Clock;

    /// <summary>Tells that a <see cref="KillPoint"/> is passed.</summary>
    internal void Reached(string point) => _options.Reached?.Invoke(point);

    /// <summary>The table that a definition is of, as it is now, under its present or its former name; null when it will be made anew, as one in
    /// another folder is.</summary>
    private LakeTable? Present(TableDefinition definition) => Database.Read(reader =>
    {
        var now = SnapshotReader.Newest(reader).Id;
        var table = CatalogReader.FindTable(reader, now, definition.TableName)
            ?? (definition.RenamedFrom is { } former ? CatalogReader.FindTable(reader, now, new TableName(definition.Schema, former)) : null);
        return table?.Prefix == LakePaths.PrefixOf(definition) ? table : null;
    });
}
