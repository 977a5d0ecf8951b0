namespace Finks.Lake.Tests;

public sealed class SqliteConcurrencyTests() : ConcurrencyTests(new LakeFixture());

public sealed class PostgresConcurrencyTests(PostgresServer postgres) : ConcurrencyTests(LakeFixture.On(postgres));

public abstract class ConcurrencyTests(LakeFixture fixture) : IDisposable
{
    private static readonly TableDefinition Table = LakeFixture.Silver("t", new TableColumn("id", "BIGINT"));

    private readonly LakeFixture _fixture = fixture;

    [Fact]
    public async Task Writers_that_commit_at_once_make_a_serial_history_and_lose_nothing()
    {
        const int writers = 4, commits = 15;
        var ready = new Barrier(writers);
        await Task.WhenAll(Enumerable.Range(0, writers).Select(w => Task.Factory.StartNew(
            () =>
            {
                // A lake object of its own with its own connections, as another process has.
                using var lake = DataLake.Open(_fixture.Options((short)(w + 1)));
                using var duckDb = new DuckDB.NET.Data.DuckDBConnection("DataSource=:memory:");
                duckDb.Open();
                var naming = new FileNaming("t", new SequentialIds((short)(100 + w)));
                ready.SignalAndWait();
                for (var i = 0; i < commits; i++)
                {
                    var files = lake.Writer.Write(duckDb, Table, $"SELECT unnest([{w * 1000 + i}, {w * 1000 + 500 + i}])::BIGINT AS id", naming);
                    lake.Commit(LakeFixture.NewCommit($"{w}/{i}", new TableWrite(Table, WriteMode.Append, files)));
                }
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        var snapshots = _fixture.Lake.Snapshots();
        Assert.Equal(Enumerable.Range(0, 1 + (writers * commits)).Select(i => (long)i), snapshots.Select(s => s.Id));
        Assert.Equal(snapshots.Select(s => s.Time), snapshots.Select(s => s.Time).Distinct().Order());
        Assert.Equal(2 * writers * commits, _fixture.Rows("t").Distinct().Count());
        var files = _fixture.Lake.Files(_fixture.Lake.FindTable("silver", "t", snapshots[^1])!, snapshots[^1]);
        Assert.Equal(Enumerable.Range(0, writers * commits).Select(i => (long?)(i * 2)), files.Select(f => f.RowIdStart));
        Assert.All(snapshots.Skip(1), s => Assert.Equal(2 * s.Id, _fixture.Rows("t", s).Count));
    }

    [Fact]
    public async Task Of_two_that_commit_the_same_work_at_once_one_commits_and_both_get_its_snapshot()
    {
        using var other = DataLake.Open(_fixture.Options(series: 1));
        var first = _fixture.Write(Table, "SELECT 1::BIGINT AS id");
        var second = _fixture.Write(Table, "SELECT 1::BIGINT AS id");
        var ready = new Barrier(2);
        CommitResult Commit(DataLake lake, IReadOnlyList<WrittenFile> files)
        {
            ready.SignalAndWait();
            return lake.Commit(LakeFixture.NewCommit("same", new TableWrite(Table, WriteMode.Append, files)));
        }

        var token = TestContext.Current.CancellationToken;
        var results = await Task.WhenAll(Task.Run(() => Commit(_fixture.Lake, first), token), Task.Run(() => Commit(other, second), token));

        Assert.Single(results, r => !r.AlreadyCommitted);
        Assert.Equal(results[0].Snapshot, results[1].Snapshot);
        Assert.Single(_fixture.Rows("t"));
    }

    [Fact]
    public void The_same_key_again_changes_nothing_and_returns_the_first_snapshot()
    {
        var commit = LakeFixture.NewCommit("once", new TableWrite(Table, WriteMode.Append, _fixture.Write(Table, "SELECT 1::BIGINT AS id")));
        var first = _fixture.Lake.Commit(commit);
        _fixture.Commit(Table, "SELECT 2::BIGINT AS id");

        // The files of the second attempt need not even be there.
        var again = _fixture.Lake.Commit(commit with { Writes = [new TableWrite(Table, WriteMode.ReplaceAll, [])], Ledger = _ => Assert.Fail("ran twice") });

        Assert.False(first.AlreadyCommitted);
        Assert.Equal(first with { AlreadyCommitted = true }, again);
        Assert.Equal(first.Snapshot, _fixture.Lake.FindCommit("once"));
        Assert.Null(_fixture.Lake.FindCommit("never"));
        Assert.Equal(2, _fixture.Rows("t").Count);
    }

    [Fact]
    public void A_process_that_ends_between_the_files_and_the_commit_leaves_nothing_visible()
    {
        _fixture.Commit(Table, "SELECT 1::BIGINT AS id");
        var before = _fixture.Lake.CurrentSnapshot();
        var files = _fixture.Write(Table, "SELECT 2::BIGINT AS id");

        // What a disk holds when the process is killed just before the transaction ends, all rows of the commit written.
        var disk = _fixture.Home + "-after-kill";
        var commit = LakeFixture.NewCommit("dies", new TableWrite(Table, WriteMode.ReplaceAll, files));
        Assert.Throws<InvalidOperationException>(() => _fixture.Lake.Commit(commit with
        {
            Ledger = _ =>
            {
                Copy(_fixture.Home, disk);
                throw new InvalidOperationException("killed");
            },
        }));

        using var reopened = DataLake.Open(_fixture.Options(series: 1) with { Home = disk });
        Assert.Equal(before, _fixture.Lake.CurrentSnapshot());
        Assert.Equal(before, reopened.CurrentSnapshot());
        Assert.Null(reopened.FindCommit("dies"));
        Assert.Single(_fixture.Rows("t"));
        Assert.False(reopened.Commit(commit).AlreadyCommitted);
        var after = reopened.CurrentSnapshot();
        Assert.Equal([2L], _fixture.Query(reopened.ReadSql(reopened.FindTable("silver", "t", after)!, after), r => r.GetInt64(0)));
    }

    [Fact]
    public void The_ledger_changes_in_the_same_transaction_and_knows_the_snapshot()
    {
        _fixture.Lake.Database.EnsureTables("test", 1, "CREATE TABLE finks_test(batch TEXT PRIMARY KEY, snapshot_id INTEGER NOT NULL)");
        _fixture.Lake.Database.EnsureTables("test", 1, "this is not run again");
        var commit = LakeFixture.NewCommit("ledger only") with { Ledger = l => l.Execute("INSERT INTO finks_test VALUES (@batch, @snapshot)", ("batch", "b1"), ("snapshot", l.SnapshotId)) };

        var result = _fixture.Lake.Commit(commit);

        _fixture.Lake.Database.Write(l => Assert.Equal([("b1", result.Snapshot.Id)], l.Query("SELECT batch, snapshot_id FROM finks_test", r => (r.GetString(0), r.GetInt64(1)))));
        Assert.Throws<LakeException>(() => _fixture.Lake.Database.EnsureTables("test", 2, ""));
    }

    public void Dispose() => _fixture.Dispose();

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories).Where(f => Path.GetExtension(f) != ".lock" && !f.EndsWith("-shm", StringComparison.Ordinal)))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            // SQLite keeps locks on its files, which an ordinary copy would respect.
            using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = File.Create(target);
            source.CopyTo(copy);
        }
    }
}
