using System.Collections.Concurrent;
using System.Text.Json;
using Npgsql;

namespace Finks.Lake.Tests;

/// <summary>Many writers on one catalog in PostgreSQL, DuckLake's extension among them.</summary>
public sealed class ContentionTests(PostgresServer postgres) : IDisposable
{
    private const int Writers = 50;
    private const int AppendsOfEach = 2;
    private const int Evolving = 5;
    private const int Counting = 8;

    private static readonly TableDefinition Rows =
        LakeFixture.Silver("t", new TableColumn("writer", "BIGINT"), new TableColumn("n", "BIGINT"), new TableColumn("d", "DATE")) with { PartitionByYearOf = "d" };

    private static readonly TableDefinition Counter = LakeFixture.Silver("counter", new TableColumn("v", "BIGINT"));

    private readonly LakeFixture _fixture = LakeFixture.On(postgres);
    private readonly ConcurrentBag<string> _conflicts = [];

    [Fact]
    public async Task Fifty_writers_and_the_extension_make_one_serial_history_in_which_nothing_is_lost_or_doubled()
    {
        _fixture.Commit(Rows, "SELECT 0::BIGINT AS writer, 0::BIGINT AS n, DATE '2019-01-01' AS d");
        _fixture.Commit(Counter, "SELECT 0::BIGINT AS v");
        var extension = Task.Run(WriteWithExtension, TestContext.Current.CancellationToken);
        await Task.WhenAll(Enumerable.Range(1, Writers).Select(w => Task.Factory.StartNew(
            () => Write(w), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        var foreign = await extension;

        var snapshots = _fixture.Lake.Snapshots();
        Assert.Equal(Enumerable.Range(0, snapshots.Count).Select(i => (long)i), snapshots.Select(s => s.Id));
        Assert.Equal(snapshots.Select(s => s.Time).Order(), snapshots.Select(s => s.Time));
        var newest = snapshots[^1];
        var table = _fixture.Lake.FindTable("silver", "t", newest)!;
        Assert.Equal(
            from w in Enumerable.Range(1, Writers) from n in Enumerable.Range(0, AppendsOfEach) from half in Enumerable.Range(0, 2) select ((long)w, (long)n),
            _fixture.Query($"SELECT writer, n FROM ({_fixture.Lake.ReadSql(table, newest)}) WHERE writer BETWEEN 1 AND {Writers} ORDER BY ALL", r => (r.GetInt64(0), r.GetInt64(1))));
        Assert.Equal(
            foreign.GetProperty("kept").EnumerateArray().Select(n => n.GetInt64()),
            _fixture.Query($"SELECT n FROM ({_fixture.Lake.ReadSql(table, newest)}) WHERE writer = 1000 ORDER BY n", r => r.GetInt64(0)));
        Assert.Equal(["{'v': " + Counting + "}"], _fixture.Rows("counter"));
        Assert.Equal(Enumerable.Range(1, Evolving).Select(w => $"c{w}").Order(), table.Columns.Skip(3).Select(c => c.Name).Order());
        Assert.Equal(Enumerable.Range(1, table.Columns.Count).Select(i => (long)i), table.Columns.Select(c => c.Id).Order());
        Assert.Equal(
            2 + (Writers * AppendsOfEach) + Counting + foreign.GetProperty("commits").GetInt32(), newest.Id);
        // Whatever else fails the extension's commits would be Finks's doing, a deadlock above all.
        Assert.All(foreign.GetProperty("errors").EnumerateArray(), e => Assert.Contains("conflict", e.GetString(), StringComparison.Ordinal));
        new Extension(_fixture).Check("--append", "silver.t", "--latest");
        TestContext.Current.TestOutputHelper!.WriteLine($"{newest.Id} snapshots, {_conflicts.Count} conflicts; the extension: {foreign}");
    }

    [Theory]
    [InlineData(KillPoint.BeforeCommit, false)]
    [InlineData(KillPoint.AfterCommit, true)]
    public void A_commit_whose_connection_is_cut_fails_cleanly_and_its_retry_commits_once(string point, bool committed)
    {
        var armed = false;
        var database = ((CatalogLocation.Postgres)_fixture.Catalog!).ConnectionString;
        using var lake = DataLake.Open(_fixture.Options(series: 1) with
        {
            Reached = reached =>
            {
                if (!armed || reached != point)
                    return;
                armed = false;
                PostgresServer.Disconnect(database, "application_name = 'finks'");
                if (committed)
                    throw new NpgsqlException("the answer to COMMIT was lost");
            },
        });
        var commit = LakeFixture.NewCommit("once", new TableWrite(Counter, WriteMode.Append, _fixture.Write(Counter, "SELECT 1::BIGINT AS v")));

        armed = true;
        var error = Assert.Throws<LakeException>(() => lake.Commit(commit));
        Assert.Contains("connection", error.Message, StringComparison.Ordinal);
        Assert.Equal(committed ? 1 : 0, _fixture.Lake.CurrentSnapshot().Id);
        Assert.Equal(committed, lake.Commit(commit).AlreadyCommitted);

        Assert.Equal(["{'v': 1}"], _fixture.Rows("counter"));
        Assert.Equal(1, _fixture.Lake.CurrentSnapshot().Id);
    }

    [Fact]
    public void Connections_that_died_while_nobody_used_them_are_replaced()
    {
        _fixture.Commit(Counter, "SELECT 1::BIGINT AS v");
        var database = ((CatalogLocation.Postgres)_fixture.Catalog!).ConnectionString;

        PostgresServer.Disconnect(database, "application_name = 'finks'");
        Assert.Equal(1, _fixture.Lake.CurrentSnapshot().Id);
        PostgresServer.Disconnect(database, "application_name = 'finks'");
        _fixture.Lake.Database.Write(transaction => transaction.Insert("finks_setting", ("name", "x"), ("value", "y")));

        Assert.Equal("y", _fixture.Lake.Database.Read(reader => reader.Scalar<string>("SELECT value FROM finks_setting WHERE name = 'x'")));
    }

    [Fact]
    public void Readers_do_not_wait_for_a_commit_and_see_nothing_of_it_before_its_end()
    {
        _fixture.Commit(Counter, "SELECT 1::BIGINT AS v");
        using var other = DataLake.Open(_fixture.Options(series: 1));
        var files = _fixture.Write(Counter, "SELECT 2::BIGINT AS v");

        _fixture.Lake.Commit(LakeFixture.NewCommit("k", new TableWrite(Counter, WriteMode.ReplaceAll, files)) with
        {
            Ledger = _ => Assert.Equal(1, other.CurrentSnapshot().Id),
        });

        Assert.Equal(2, other.CurrentSnapshot().Id);
    }

    [Fact]
    public void The_tables_may_lie_in_a_schema_of_their_own_beside_those_of_another_lake()
    {
        _fixture.Commit(Counter, "SELECT 1::BIGINT AS v");
        var database = ((CatalogLocation.Postgres)_fixture.Catalog!).ConnectionString;
        using var second = new LakeFixture(new CatalogLocation.Postgres(database + ";Search Path=second"));

        second.Commit(Counter, "SELECT 2::BIGINT AS v");

        Assert.Equal(["{'v': 1}"], _fixture.Rows("counter"));
        Assert.Equal(["{'v': 2}"], second.Rows("counter"));
        Assert.Equal("[[2]]", new Extension(second).Run("SELECT v FROM lake.silver.counter").GetRawText());
    }

    [Fact]
    public void A_catalog_that_cannot_be_reached_is_named_without_its_password()
    {
        var error = Assert.Throws<LakeException>(() => DataLake.Open(_fixture.Options() with { Catalog = new CatalogLocation.Postgres("Host=127.0.0.1;Port=1;Database=x;Username=u;Password=secret") }));

        Assert.Contains("PostgreSQL database x on 127.0.0.1:1", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => _fixture.Dispose();

    private void Write(int writer)
    {
        using var lake = DataLake.Open(_fixture.Options((short)writer));
        using var duckDb = DuckDb.OpenInMemory();
        duckDb.Execute("SET threads = 1");
        for (var n = 0; n < AppendsOfEach; n++)
        {
            var evolves = writer <= Evolving && n == 0;
            UntilDone($"append {writer}/{n}", lake, basis => Append(lake, duckDb, basis, writer, n, evolves));
        }

        if (writer <= Counting)
        {
            UntilDone($"count {writer}", lake, basis =>
            {
                var sql = lake.ReadSql(lake.FindTable("silver", "counter", basis)!, basis);
                var files = lake.Writer.Write(duckDb, Counter, $"SELECT v + 1 AS v FROM ({sql})", new FileNaming("counter", lake.Ids));
                return new TableWrite(Counter, WriteMode.ReplaceAll, files);
            });
        }
    }

    /// <summary>Two rows in two years, with all columns that the table has and perhaps one more.</summary>
    private static TableWrite Append(DataLake lake, DuckDB.NET.Data.DuckDBConnection duckDb, Snapshot basis, int writer, int n, bool evolves)
    {
        var columns = lake.FindTable("silver", "t", basis)!.Columns.Select(c => new TableColumn(c.Name, c.DuckDbType)).ToList();
        if (evolves)
            columns.Add(new TableColumn($"c{writer}", "INTEGER"));
        var definition = Rows with { Columns = columns };
        var more = string.Concat(columns.Skip(3).Select(c => $", {writer}::INTEGER AS {c.Name}"));
        var files = lake.Writer.Write(
            duckDb, definition, $"SELECT {writer}::BIGINT AS writer, {n}::BIGINT AS n, unnest([DATE '2020-01-01', DATE '2021-01-01']) AS d{more}", new FileNaming("t", lake.Ids));
        return new TableWrite(definition, WriteMode.Append, files);
    }

    private void UntilDone(string key, DataLake lake, Func<Snapshot, TableWrite> work)
    {
        while (true)
        {
            try
            {
                var basis = lake.CurrentSnapshot();
                var write = work(basis);
                lake.Commit(LakeFixture.NewCommit(key, write) with { Basis = basis, Reads = write.Mode == WriteMode.ReplaceAll ? [write.Table.TableName] : [] });
                return;
            }
            catch (ConflictException conflict)
            {
                _conflicts.Add(conflict.Message);
            }
        }
    }

    private JsonElement WriteWithExtension()
    {
        const string script = """
            import duckdb, importlib, json, pathlib, sys
            con = duckdb.connect(config={"threads": 1})
            for name in ("postgres_scanner", "ducklake"):
                folder = pathlib.Path(importlib.import_module("duckdb_extension_" + name).__file__).parent
                con.execute(f"LOAD '{next(folder.rglob(name + '.duckdb_extension'))}'")
            con.execute(sys.argv[1])
            commits, kept, errors = 0, [], []
            def until_done(statement):
                global commits
                while True:
                    try:
                        con.execute(statement)
                        commits += 1
                        return
                    except duckdb.Error as e:
                        errors.append(str(e)[:300])
            for i in range(20):
                until_done(f"INSERT INTO lake.silver.t (writer, n, d) VALUES (1000, {i}, '2020-06-01')")
                kept.append(i)
                if i % 7 == 6:
                    until_done(f"DELETE FROM lake.silver.t WHERE writer = 1000 AND n = {i}")
                    kept.remove(i)
            print(json.dumps({"commits": commits, "kept": kept, "errors": errors}))
            """;
        var result = Oracle.Run(Oracle.Python("ducklake"), ["-c", script, _fixture.Lake.AttachSql()]);
        Assert.True(result.ExitCode == 0, result.Error);
        return JsonDocument.Parse(result.Output).RootElement;
    }
}
