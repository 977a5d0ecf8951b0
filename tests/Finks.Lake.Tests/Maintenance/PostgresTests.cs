using Finks.Lake.Bronze;
using Finks.Lake.Maintenance;

namespace Finks.Lake.Tests.Maintenance;

/// <summary>The same maintenance with the catalog in PostgreSQL, and moves from one database to the other.</summary>
public sealed class PostgresTests(PostgresServer server) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Compaction_expiry_sweep_and_check_do_on_PostgreSQL_what_they_do_on_SQLite()
    {
        using var fixture = LakeFixture.On(server);
        MaintainedLake.Fill(fixture);
        MaintainedLake.RunInExtension(fixture.CatalogForExtension, "DELETE FROM lake.silver.t WHERE id = 12");
        var rows = fixture.Rows("t");
        var table = fixture.Lake.FindTable("silver", "t", fixture.Lake.CurrentSnapshot())!;
        var changed = fixture.Lake.ChangedBy(table, fixture.Lake.CurrentSnapshot());

        Assert.Equal(2, MaintainedLake.Compact(fixture).Count);
        Assert.Empty(MaintainedLake.Compact(fixture));
        MaintainedLake.Check(fixture.CatalogForExtension);
        // The extension gave its snapshot the real time, which the fixture's clock has not reached.
        fixture.Clock.Advance(TimeSpan.FromDays(4000));
        var expired = new Expiry(fixture.Lake).Run(new ExpiryRequest());
        fixture.Clock.Advance(TimeSpan.FromDays(2));
        var swept = new Sweep(fixture.Lake).Run(new SweepRequest());

        Assert.True(expired.Snapshots.Count > 10);
        Assert.Equal(expired.Files, swept.Expired.Count);
        Assert.Equal(rows, fixture.Rows("t"));
        Assert.Equal(changed, fixture.Lake.ChangedBy(table, fixture.Lake.CurrentSnapshot()));
        Assert.Empty(new LakeCheck(fixture.Lake, new BronzeStore(fixture.Lake)).Run(deep: true, MaintainedLake.Quiet, CancellationToken.None).Problems);
        MaintainedLake.Check(fixture.CatalogForExtension, "--append", "silver.t");
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_backup_of_either_database_can_be_restored_into_the_other(bool fromPostgres, bool toPostgres)
    {
        using var fixture = fromPostgres ? LakeFixture.On(server) : new LakeFixture();
        MaintainedLake.Fill(fixture);
        SweepTests.Store(fixture.Lake, new BronzeStore(fixture.Lake), "one", "two");
        MaintainedLake.Compact(fixture);
        var before = MaintainedLake.Everything(fixture);
        using var place = BackupPlace.Folder(_folder.File("backup"));
        new LakeBackup(fixture.Lake).Run(place, MaintainedLake.Quiet, CancellationToken.None);

        using var restored = DataLake.Open(fixture.Options(series: 1) with
        {
            Home = _folder.File("restored"),
            Catalog = toPostgres ? new CatalogLocation.Postgres(server.NewDatabase()) : null,
        });
        var bronze = new BronzeStore(restored);
        new LakeRestore(restored).Run(place, null, MaintainedLake.Quiet, CancellationToken.None);

        Assert.Equal(before, MaintainedLake.Everything(fixture, restored));
        Assert.Equal(fixture.Lake.Snapshots(), restored.Snapshots());
        Assert.Empty(new LakeCheck(restored, bronze).Run(deep: true, MaintainedLake.Quiet, CancellationToken.None).Problems);
        MaintainedLake.Check(restored.Database.Attach().Target.Split(':', 2)[1], "--append", "silver.t");
        Assert.True(restored.Commit(LakeFixture.NewCommit("commit 1")).AlreadyCommitted);
    }

    public void Dispose() => _folder.Dispose();
}
