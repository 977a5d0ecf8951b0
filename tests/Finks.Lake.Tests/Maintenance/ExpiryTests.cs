using Finks.Lake.Maintenance;
using Microsoft.Data.Sqlite;

namespace Finks.Lake.Tests.Maintenance;

public sealed class ExpiryTests : IDisposable
{
    private readonly LakeFixture _fixture = new();

    [Fact]
    public void Exactly_those_rows_go_that_the_extensions_own_expiry_removes()
    {
        MaintainedLake.Fill(_fixture);
        MaintainedLake.RunInExtension(
            _fixture.CatalogFile,
            "DELETE FROM lake.silver.t WHERE id = 3", "UPDATE lake.silver.plain SET v = 'y' WHERE id = 1",
            "CREATE TABLE lake.silver.brief(a INT)", "ALTER TABLE lake.silver.brief SET PARTITIONED BY (a)", "ALTER TABLE lake.silver.brief SET SORTED BY (a ASC)",
            "INSERT INTO lake.silver.brief VALUES (1), (2)", "COMMENT ON COLUMN lake.silver.brief.a IS 'c'", "DROP TABLE lake.silver.brief",
            "CREATE SCHEMA lake.brief", "DROP SCHEMA lake.brief", "CREATE VIEW lake.silver.v AS SELECT 1 AS a", "DROP VIEW lake.silver.v",
            "ALTER TABLE lake.silver.plain RENAME TO flat", "ALTER TABLE lake.silver.flat RENAME COLUMN more TO rather", "ALTER TABLE lake.silver.flat DROP COLUMN rather",
            "COMMENT ON TABLE lake.silver.flat IS 'x'", "COMMENT ON TABLE lake.silver.flat IS 'y'");
        MaintainedLake.Compact(_fixture);
        var snapshots = _fixture.Lake.Snapshots();
        var kept = snapshots[^4].Id;
        var expired = snapshots.SkipLast(1).Where(s => s.Id != kept).Select(s => s.Id).ToList();
        var copy = Path.Combine(_fixture.Home, "copy.sqlite");
        Copy(_fixture.CatalogFile, copy);

        MaintainedLake.RunInExtension(copy, $"CALL ducklake_expire_snapshots('lake', versions => [{string.Join(", ", expired)}])");
        _fixture.Clock.Advance(TimeSpan.FromDays(40));
        var report = new Expiry(_fixture.Lake).Run(new ExpiryRequest { Needed = [kept] });

        Assert.Equal(expired, report.Snapshots.Select(s => s.Id));
        Assert.Equal(Dump(copy), Dump(_fixture.CatalogFile));
    }

    [Fact]
    public void The_newest_the_kept_and_the_needed_stay_and_read_as_before()
    {
        MaintainedLake.Fill(_fixture);
        _fixture.Clock.Advance(TimeSpan.FromDays(31));
        MaintainedLake.Compact(_fixture);
        _fixture.Clock.Advance(TimeSpan.FromDays(1));
        var before = MaintainedLake.Everything(_fixture);
        var changed = Changed();
        var expiry = new Expiry(_fixture.Lake);

        var planned = expiry.Run(new ExpiryRequest { DryRun = true, Needed = [4] });
        Assert.Equal(14 - 1, planned.Snapshots.Count);
        Assert.Equal(before.Count, MaintainedLake.Everything(_fixture).Count);
        Assert.Equal(12, expiry.Run(new ExpiryRequest { DryRun = true, Keep = 4 }).Snapshots.Count);

        var report = expiry.Run(new ExpiryRequest { Needed = [4] });

        Assert.Equal(planned.Snapshots, report.Snapshots);
        Assert.True(report.Files > 0);
        Assert.Equal([4L, 14, 15], _fixture.Lake.Snapshots().Select(s => s.Id));
        var after = MaintainedLake.Everything(_fixture);
        Assert.Equal(before.Count(b => b.Key.Snapshot is 4 or 14 or 15), after.Count);
        MaintainedLake.AssertUnchanged(before, after);
        Assert.Equal(changed, Changed());
        Assert.Equal(new ExpiryReport([], 0).Files, expiry.Run(new ExpiryRequest { Needed = [4] }).Files);
        MaintainedLake.Check(_fixture, "--append", "silver.t");
    }

    [Fact]
    public void The_work_of_an_expired_commit_is_not_done_again()
    {
        MaintainedLake.Fill(_fixture);
        _fixture.Clock.Advance(TimeSpan.FromDays(40));
        new Expiry(_fixture.Lake).Run(new ExpiryRequest());
        var newest = _fixture.Lake.CurrentSnapshot();

        var again = _fixture.Lake.Commit(LakeFixture.NewCommit("commit 1") with { Ledger = _ => Assert.Fail("ran twice") });

        Assert.True(again.AlreadyCommitted);
        Assert.Equal(1, again.Snapshot.Id);
        Assert.Equal(newest, _fixture.Lake.CurrentSnapshot());
    }

    [Fact]
    public void Killed_before_or_after_its_commit_it_did_all_or_nothing()
    {
        MaintainedLake.Fill(_fixture);
        _fixture.Clock.Advance(TimeSpan.FromDays(40));
        var before = MaintainedLake.Everything(_fixture);

        var failures = MaintainedLake.FailEverywhere(
            _fixture, lake => new Expiry(lake).Run(new ExpiryRequest()), () => MaintainedLake.AssertUnchanged(before, MaintainedLake.Everything(_fixture)));

        Assert.Equal(2, failures);
        Assert.Single(_fixture.Lake.Snapshots());
        MaintainedLake.AssertUnchanged(before, MaintainedLake.Everything(_fixture));
        MaintainedLake.Check(_fixture, "--append", "silver.t");
    }

    public void Dispose() => _fixture.Dispose();

    private IReadOnlyList<long> Changed()
    {
        var now = _fixture.Lake.CurrentSnapshot();
        return [.. _fixture.Lake.Tables(now).Select(t => _fixture.Lake.ChangedBy(t, now))];
    }

    private static void Copy(string from, string to)
    {
        using var source = new SqliteConnection($"Data Source={from};Pooling=false");
        using var target = new SqliteConnection($"Data Source={to};Pooling=false");
        source.Open();
        target.Open();
        source.BackupDatabase(target);
    }

    /// <summary>All rows of DuckLake's tables, without the time at which files were set down to be deleted.</summary>
    private static List<string> Dump(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        connection.Open();
        List<string> Rows(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            using var reader = command.ExecuteReader();
            var rows = new List<string>();
            while (reader.Read())
                rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Where(i => reader.GetName(i) != "schedule_start").Select(i => reader.GetValue(i))));
            return rows;
        }

        return [.. Rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'ducklake%' ORDER BY name")
            .SelectMany(table => Rows($"SELECT * FROM {table}").Order(StringComparer.Ordinal).Select(row => $"{table}: {row}"))];
    }
}
