using Finks.Lake.Catalog;
using Finks.Lake.Commits;
using Finks.Lake.Files;

namespace Finks.Lake;

/// <summary>
/// Tables of Parquet files under one transactional catalog, DuckLake 1.0 in SQLite, which any DuckDB with the ducklake extension can
/// attach.
/// Every commit makes one snapshot of the whole lake, and snapshots never change. Safe for use by several threads and processes.
/// </summary>
public sealed class DataLake : IDisposable
{
    private readonly LakeOptions _options;

    private DataLake(LakeOptions options, LakePaths paths)
    {
        _options = options;
        Paths = paths;
        Database = new LakeDatabase(paths.CatalogFile);
        Writer = new ParquetWriter(paths);
    }

    public LakePaths Paths { get; }

    public LakeDatabase Database { get; }

    /// <summary>Where identifiers and file names come from.</summary>
    public IdSource Ids => _options.Ids;

    public ParquetWriter Writer { get; }

    /// <summary>Opens the lake at <see cref="LakeOptions.Home"/>, or creates an empty one there.</summary>
    /// <exception cref="LakeException">The catalog is not Finks's, or of another version or environment.</exception>
    public static DataLake Open(LakeOptions options)
    {
        var paths = new LakePaths(options.Home, options.Environment);
        foreach (var folder in new[] { paths.Home, paths.Bronze, paths.Silver, paths.Gold })
            Directory.CreateDirectory(folder);
        var lake = new DataLake(options, paths);
        CatalogFile.Open(lake.Database, options, paths);
        return lake;
    }

    public Snapshot CurrentSnapshot() => Database.Read(SnapshotReader.Newest);

    /// <summary>The newest snapshot that is not later than <paramref name="time"/>.</summary>
    /// <exception cref="LakeException">The lake is younger; the message names its first time.</exception>
    public Snapshot SnapshotAsOf(DateTimeOffset time) => Database.Read(connection => SnapshotReader.AsOf(connection, time));

    public Snapshot SnapshotById(long id) => Database.Read(connection => SnapshotReader.Find(connection, id)
        ?? throw new LakeException($"The lake has no snapshot {id}; its newest is {SnapshotReader.Newest(connection).Id}. It may have been expired."));

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Snapshot> Snapshots() => Database.Read(SnapshotReader.All);

    public LakeTable? FindTable(string schema, string table, Snapshot at) => Tables(at).FirstOrDefault(t =>
        t.Schema.Equals(schema, StringComparison.OrdinalIgnoreCase) && t.Name.Equals(table, StringComparison.OrdinalIgnoreCase));

    public IReadOnlyList<LakeTable> Tables(Snapshot at) => Database.Read(connection => CatalogReader.Tables(connection, Paths, at.Id));

    /// <summary>The files that hold the table's rows, oldest first.</summary>
    public IReadOnlyList<DataFile> Files(LakeTable table, Snapshot at) =>
        Database.Read(connection => FileReader.Files(connection, Paths, table, at.Id));

    /// <summary>The files that were added after one snapshot and are live in a later one.</summary>
    public IReadOnlyList<DataFile> Files(LakeTable table, Snapshot after, Snapshot upTo) =>
        Database.Read(connection => FileReader.Files(connection, Paths, table, upTo.Id, after.Id));

    /// <summary>A DuckDB select of all columns, in the table's order, of the rows that the snapshot has.</summary>
    /// <exception cref="LakeException">Another DuckLake writer left something in the table that Finks does not read.</exception>
    public string ReadSql(LakeTable table, Snapshot at) => Database.Read(connection => TableSelect.Write(
        table, FileReader.Files(connection, Paths, table, at.Id), FileReader.DeleteFiles(connection, Paths, table, at.Id)));

    /// <summary>The snapshot of the commit with this key; null when there is none.</summary>
    public Snapshot? FindCommit(string idempotencyKey) =>
        Database.Read(connection => SnapshotReader.FindCommit(connection, idempotencyKey));

    /// <summary>Makes written files visible, all in one transaction. Concurrent commits, of other processes too, follow one
    /// another.</summary>
    /// <exception cref="LakeException">A file is missing or breaks its table's rules, or the table cannot become what the write
    /// says.</exception>
    public CommitResult Commit(LakeCommit commit)
    {
        if (FindCommit(commit.IdempotencyKey) is { } earlier)
            return new CommitResult(earlier, AlreadyCommitted: true);
        return Database.Write(transaction => CommitTransaction.Run(transaction, commit, Paths, _options));
    }

    /// <summary>Deletes Parquet files of the Silver and Gold zones that no snapshot names.</summary>
    /// <param name="grace">Only files last written longer ago than this: younger ones may belong to a commit under way.</param>
    /// <param name="dryRun">Lists them and deletes nothing.</param>
    /// <returns>The absolute paths.</returns>
    public IReadOnlyList<string> SweepOrphans(TimeSpan grace, bool dryRun) =>
        Database.Write(transaction => OrphanSweep.Run(transaction, Paths, _options.Clock.GetUtcNow() - grace, dryRun));

    /// <summary>Reads every data file that any snapshot names and compares it with what the catalog says of it.</summary>
    public LakeCheckReport Check() => FileCheck.Run(Database, Paths);

    /// <summary>The SQL with which any DuckDB opens the lake, all its snapshots included.</summary>
    public string AttachSql()
    {
        var stored = Database.Read(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "select value from ducklake_metadata where key = 'data_path' and scope is null";
            return (string)command.ExecuteScalar()!;
        });
        var here = Paths.Home.Replace(Path.DirectorySeparatorChar, '/') + "/";
        var moved = stored == here ? "" : $" (DATA_PATH {SqlText.Literal(here)}, OVERRIDE_DATA_PATH true)";
        return $"ATTACH {SqlText.Literal("ducklake:sqlite:" + Paths.CatalogFile)} AS lake{moved};";
    }

    /// <summary>Lets go of the catalog file.</summary>
    public void Dispose() => Database.Release();
}
