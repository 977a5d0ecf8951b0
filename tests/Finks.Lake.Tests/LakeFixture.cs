using DuckDB.NET.Data;
using Microsoft.Extensions.Time.Testing;

namespace Finks.Lake.Tests;

/// <summary>A lake in a folder of its own, a clock to turn, and a DuckDB connection to write and read with.</summary>
public sealed class LakeFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _commits;

    /// <param name="catalog">Null for SQLite below <see cref="Home"/>.</param>
    public LakeFixture(CatalogLocation? catalog = null)
    {
        Catalog = catalog;
        Ids = new SequentialIds();
        Lake = DataLake.Open(Options());
        DuckDb = new DuckDBConnection("DataSource=:memory:");
        DuckDb.Open();
    }

    public CatalogLocation? Catalog { get; }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));

    public SequentialIds Ids { get; }

    public DataLake Lake { get; }

    public DuckDBConnection DuckDb { get; }

    /// <summary>What the extension calls the catalog: a file, or libpq's words.</summary>
    public string CatalogForExtension => Lake.Database.Attach().Target.Split(':', 2)[1];

    public string Home => _folder.File("lake");

    public static LakeFixture On(PostgresServer server) => new(new CatalogLocation.Postgres(server.NewDatabase()));

    public string CatalogFile => Path.Combine(Home, "lake.sqlite");

    /// <summary>Where a written file is on the disk.</summary>
    public string PathOf(TableDefinition table, WrittenFile file) => Path.Combine(Home, table.SchemaPath, table.TablePath, file.Path);

    public string[] SilverFiles(string pattern = "*") =>
        [.. Directory.GetFiles(Path.Combine(Home, Lake.Paths.SilverZone), pattern, SearchOption.AllDirectories).Where(f => !f.Contains("/.finks/", StringComparison.Ordinal))];

    public LakeOptions Options(short series = 0, string environment = "dev") =>
        new() { Home = Home, Catalog = Catalog, Environment = environment, Clock = Clock, Ids = series == 0 ? Ids : new SequentialIds(series) };

    public static TableDefinition Silver(string name, params TableColumn[] columns) => new("silver", name, "dev-silver-zone/", name + "/", columns);

    public IReadOnlyList<WrittenFile> Write(TableDefinition table, string select) => Lake.Writer.Write(DuckDb, table, select, new FileNaming(table.TablePath.TrimEnd('/'), Ids));

    /// <summary>Writes and commits under a new key.</summary>
    public Snapshot Commit(TableDefinition table, string select, WriteMode mode = WriteMode.Append, params string?[] partitions) =>
        Commit(new TableWrite(table, mode, Write(table, select)) { ReplacedPartitions = partitions });

    public Snapshot Commit(params TableWrite[] writes)
    {
        Clock.Advance(TimeSpan.FromMinutes(1));
        return Lake.Commit(NewCommit($"commit {++_commits}", writes)).Snapshot;
    }

    public static LakeCommit NewCommit(string key, params TableWrite[] writes) => new() { IdempotencyKey = key, Author = "tests", Message = key, Writes = writes };

    /// <summary>All rows of a table at a snapshot, as text, in an order of their own.</summary>
    public IReadOnlyList<string> Rows(string table, Snapshot? at = null)
    {
        var snapshot = at ?? Lake.CurrentSnapshot();
        var found = Lake.FindTable("silver", table, snapshot) ?? throw new InvalidOperationException($"No table {table} at {snapshot.Id}.");
        return Query($"SELECT whole::VARCHAR FROM ({Lake.ReadSql(found, snapshot)}) AS whole ORDER BY ALL", r => r.GetString(0));
    }

    public List<T> Query<T>(string sql, Func<DuckDBDataReader, T> row)
    {
        using var command = DuckDb.CreateCommand();
        command.CommandText = sql;
        using var reader = (DuckDBDataReader)command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(row(reader));
        return rows;
    }

    public void Execute(string sql)
    {
        using var command = DuckDb.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        DuckDb.Dispose();
        Lake.Dispose();
        _folder.Dispose();
    }
}
