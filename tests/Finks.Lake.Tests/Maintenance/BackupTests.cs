using Finks.Lake.Bronze;
using Finks.Lake.Maintenance;
using Finks.Lake.Storage;

namespace Finks.Lake.Tests.Maintenance;

public sealed class BackupTests : IDisposable
{
    private readonly LakeFixture _fixture = new();
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_lake_that_was_lost_comes_back_as_it_was_at_every_snapshot()
    {
        Fill();
        MaintainedLake.RunInExtension(_fixture.CatalogFile, "DELETE FROM lake.silver.t WHERE id = 12", "CREATE SCHEMA lake.fin", "CREATE TABLE lake.fin.x AS SELECT 1 AS a");
        MaintainedLake.Compact(_fixture);
        var before = MaintainedLake.Everything(_fixture);
        var manifest = Backup().Manifest;
        Directory.Delete(Path.Combine(_fixture.Home, _fixture.Lake.Paths.SilverZone), recursive: true);

        using var restored = Open("new");
        var bronze = new BronzeStore(restored);
        using (var place = Place())
        {
            Assert.Equal((false, manifest.Files), (new LakeRestore(restored).Run(place, null, MaintainedLake.Quiet, CancellationToken.None) is var r ? (r.AlreadyRestored, r.Files) : default));
            Assert.True(new LakeRestore(restored).Run(place, null, MaintainedLake.Quiet, CancellationToken.None).AlreadyRestored);
        }

        Assert.Equal(before, MaintainedLake.Everything(_fixture, restored));
        Assert.Empty(new LakeCheck(restored, bronze).Run(deep: true, MaintainedLake.Quiet, CancellationToken.None).Problems);
        Assert.Equal("one", System.Text.Encoding.UTF8.GetString(bronze.ReadReply(bronze.Find(1)!, 0).Reply.Body));
        MaintainedLake.Check(Path.Combine(restored.Paths.Home, "lake.sqlite"), "--append", "silver.t");
        // The key of every commit is remembered, so nothing is done twice.
        Assert.True(restored.Commit(LakeFixture.NewCommit("commit 1")).AlreadyCommitted);
    }

    [Fact]
    public void Later_backups_copy_only_what_is_new_and_each_can_be_restored()
    {
        Fill();
        var first = Backup();
        var before = MaintainedLake.Everything(_fixture);
        _fixture.Commit(MaintainedLake.Plain with { Columns = [.. MaintainedLake.Plain.Columns, new TableColumn("more", "DOUBLE")] }, "SELECT 9::BIGINT AS id, 'n' AS v, 2.5::DOUBLE AS more");
        var second = Backup();

        Assert.Equal(first.Manifest.Files, first.Copied);
        Assert.Equal((1, first.Manifest.Files + 1), (second.Copied, second.Manifest.Files));
        using var restored = Open("first");
        _ = new BronzeStore(restored);
        using var place = Place();
        new LakeRestore(restored).Run(place, first.Manifest.Name, MaintainedLake.Quiet, CancellationToken.None);
        Assert.Equal(before, MaintainedLake.Everything(_fixture, restored));
        Assert.Empty(new BackupVerification(place).Run(null, MaintainedLake.Quiet, CancellationToken.None).Report.Problems);
    }

    [Fact]
    public async Task Commits_during_a_backup_do_not_disturb_it()
    {
        Fill();
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(
            () =>
            {
                using var lake = DataLake.Open(_fixture.Options(series: 5));
                using var duckDb = DuckDb.OpenInMemory();
                var table = LakeFixture.Silver("busy", new TableColumn("id", "BIGINT"));
                for (var i = 0; !stop.IsCancellationRequested; i++)
                    lake.Commit(LakeFixture.NewCommit($"busy {i}", new TableWrite(table, WriteMode.Append, lake.Writer.Write(duckDb, table, $"SELECT {i}::BIGINT AS id", new FileNaming("busy", lake.Ids)))));
            },
            TestContext.Current.CancellationToken);
        var manifests = Enumerable.Range(0, 4).Select(_ =>
        {
            _fixture.Clock.Advance(TimeSpan.FromSeconds(1));
            return Backup().Manifest;
        }).ToList();
        await stop.CancelAsync();
        await writing;
        var all = MaintainedLake.Everything(_fixture);

        foreach (var manifest in manifests)
        {
            using var restored = Open(manifest.Name);
            _ = new BronzeStore(restored);
            using var place = Place();
            new LakeRestore(restored).Run(place, manifest.Name, MaintainedLake.Quiet, CancellationToken.None);
            Assert.Equal(manifest.Snapshot, restored.CurrentSnapshot().Id);
            var seen = MaintainedLake.Everything(_fixture, restored);
            Assert.Equal(all.Where(a => a.Key.Snapshot <= manifest.Snapshot).ToDictionary(), seen);
        }
    }

    [Fact]
    public void Killed_at_any_step_a_backup_leaves_no_manifest_and_a_restore_an_empty_lake()
    {
        Fill();
        var before = MaintainedLake.Everything(_fixture);
        var failures = MaintainedLake.FailEverywhere(
            _fixture,
            lake =>
            {
                _fixture.Clock.Advance(TimeSpan.FromSeconds(1));
                var backup = new LakeBackup(lake);
                using var place = FailingPlace(lake);
                backup.Run(place, MaintainedLake.Quiet, CancellationToken.None);
            },
            () =>
            {
                using var place = Place();
                Assert.Empty(place.All());
            });
        Assert.InRange(failures, 5, 60);

        using (var place = Place())
            Assert.Empty(new BackupVerification(place).Run(null, MaintainedLake.Quiet, CancellationToken.None).Report.Problems);
        failures = 0;
        for (var failAt = 1; ; failAt++)
        {
            var passed = 0;
            var armed = false;
            void Step(string point)
            {
                if (armed && point != KillPoint.Statement && ++passed == failAt)
                    throw new InvalidOperationException("killed");
            }

            var home = _folder.File("restored");
            using var lake = DataLake.Open(_fixture.Options((short)(2000 + failAt)) with { Home = home, Store = new FaultyStore(new LocalStore(home), Step), Reached = Step });
            _ = new BronzeStore(lake);
            using var place = Place();
            armed = true;
            try
            {
                new LakeRestore(lake).Run(place, null, MaintainedLake.Quiet, CancellationToken.None);
                break;
            }
            catch (InvalidOperationException killed) when (killed.Message == "killed")
            {
                armed = false;
                failures++;
                Assert.True(lake.CurrentSnapshot().Id is 0 || MaintainedLake.Everything(_fixture, lake).Count == before.Count);
            }
        }

        Assert.InRange(failures, 4, 60);
        using var restored = DataLake.Open(_fixture.Options(series: 3000) with { Home = _folder.File("restored") });
        Assert.Equal(before, MaintainedLake.Everything(_fixture, restored));
    }

    [Fact]
    public void What_is_damaged_or_does_not_fit_is_refused()
    {
        Fill();
        using (var empty = Place())
            Assert.Contains("no complete backup", Assert.Throws<LakeException>(() => empty.Find(null)).Message, StringComparison.Ordinal);
        Backup();
        using var place = Place();

        Assert.Contains("not empty", Refusal(_fixture.Lake), StringComparison.Ordinal);
        using (var other = DataLake.Open(_fixture.Options(7, "prod") with { Home = _folder.File("prod") }))
            Assert.Contains("environment", Refusal(other), StringComparison.Ordinal);
        using (var bare = Open("bare"))
            Assert.Contains("finks_bronze_batch", Refusal(bare), StringComparison.Ordinal);
        Assert.Contains("inside the lake", Assert.Throws<LakeException>(() =>
        {
            using var inside = BackupPlace.Folder(Path.Combine(_fixture.Home, "backup"));
            new LakeBackup(_fixture.Lake).Run(inside, MaintainedLake.Quiet, CancellationToken.None);
        }).Message, StringComparison.Ordinal);

        var file = Directory.GetFiles(_folder.File("backup"), "plain_*.parquet", SearchOption.AllDirectories)[0];
        var bytes = File.ReadAllBytes(file);
        bytes[10] ^= 1;
        File.WriteAllBytes(file, bytes);
        Assert.Contains(Path.GetFileName(file), Assert.Single(new BackupVerification(place).Run(null, MaintainedLake.Quiet, CancellationToken.None).Report.Problems), StringComparison.Ordinal);
        using var fresh = Open("fresh");
        _ = new BronzeStore(fresh);
        Assert.Contains("SHA-256", Refusal(fresh), StringComparison.Ordinal);
        Assert.Equal(0, fresh.CurrentSnapshot().Id);

        string Refusal(DataLake lake) => Assert.Throws<LakeException>(() => new LakeRestore(lake).Run(place, null, MaintainedLake.Quiet, CancellationToken.None)).Message;
    }

    public void Dispose()
    {
        _fixture.Dispose();
        _folder.Dispose();
    }

    private void Fill()
    {
        MaintainedLake.Fill(_fixture);
        var bronze = new BronzeStore(_fixture.Lake);
        SweepTests.Store(_fixture.Lake, bronze, "one", "two");
        SweepTests.Store(_fixture.Lake, bronze, "three");
    }

    private BackupReport Backup()
    {
        _fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        using var place = Place();
        return new LakeBackup(_fixture.Lake).Run(place, MaintainedLake.Quiet, CancellationToken.None);
    }

    private BackupPlace Place() => BackupPlace.Folder(_folder.File("backup"));

    /// <summary>A place whose operations fail as those of the lake's store do.</summary>
    private BackupPlace FailingPlace(DataLake lake) => new(new FaultyStore(new LocalStore(_folder.File("backup")), _ => lake.Store.Find("dev-silver-zone/none")), "");

    private DataLake Open(string name) => DataLake.Open(_fixture.Options((short)(name.Length + 50)) with { Home = _folder.File(name) });
}
