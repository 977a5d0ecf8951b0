using System.Security.Cryptography;
using System.Text;
using Finks.Lake.Bronze;
using Finks.Lake.Maintenance;

namespace Finks.Lake.Tests.Maintenance;

public sealed class SweepTests : IDisposable
{
    private readonly LakeFixture _fixture = new();

    [Fact]
    public void Files_of_expired_snapshots_go_after_the_grace_and_nothing_that_a_snapshot_names()
    {
        MaintainedLake.Fill(_fixture);
        MaintainedLake.Compact(_fixture);
        _fixture.Clock.Advance(TimeSpan.FromDays(40));
        new Expiry(_fixture.Lake).Run(new ExpiryRequest());
        var before = MaintainedLake.Everything(_fixture);
        var files = _fixture.SilverFiles("*.parquet").Length;
        var sweep = new Sweep(_fixture.Lake);
        var named = _fixture.Lake.Tables(_fixture.Lake.CurrentSnapshot()).Sum(t => _fixture.Lake.Files(t, _fixture.Lake.CurrentSnapshot()).Count);

        Assert.Empty(sweep.Run(new SweepRequest()).Expired);
        _fixture.Clock.Advance(TimeSpan.FromHours(25));
        var listed = sweep.Run(new SweepRequest { DryRun = true });
        Assert.Equal(files - named, listed.Expired.Count);
        Assert.Equal(files, _fixture.SilverFiles("*.parquet").Length);
        var swept = sweep.Run(new SweepRequest());

        Assert.Equal(listed.Expired, swept.Expired);
        Assert.Equal(named, _fixture.SilverFiles("*.parquet").Length);
        Assert.Empty(sweep.Run(new SweepRequest()).Expired);
        MaintainedLake.AssertUnchanged(before, MaintainedLake.Everything(_fixture));
        MaintainedLake.Check(_fixture, "--append", "silver.t");
    }

    [Fact]
    public void Killed_at_any_step_the_next_sweep_ends_the_work()
    {
        MaintainedLake.Fill(_fixture);
        MaintainedLake.Compact(_fixture);
        _fixture.Clock.Advance(TimeSpan.FromDays(40));
        new Expiry(_fixture.Lake).Run(new ExpiryRequest());
        _fixture.Clock.Advance(TimeSpan.FromDays(2));
        var before = MaintainedLake.Everything(_fixture);

        var failures = MaintainedLake.FailEverywhere(
            _fixture, lake => new Sweep(lake).Run(new SweepRequest()), () => MaintainedLake.AssertUnchanged(before, MaintainedLake.Everything(_fixture)));

        Assert.InRange(failures, 3, 20);
        Assert.Empty(new Sweep(_fixture.Lake).Run(new SweepRequest()).Expired);
        MaintainedLake.AssertUnchanged(before, MaintainedLake.Everything(_fixture));
    }

    [Fact]
    public void Too_short_a_grace_is_refused() =>
        Assert.Contains("1 hour", Assert.Throws<LakeException>(() => new Sweep(_fixture.Lake).Run(new SweepRequest { Grace = TimeSpan.FromMinutes(59) })).Message, StringComparison.Ordinal);

    [Fact]
    public void Files_of_another_catalog_in_the_same_zones_are_no_orphans()
    {
        MaintainedLake.Fill(_fixture);
        var rows = _fixture.Rows("t");
        using (var other = DataLake.Open(_fixture.Options(series: 1) with { Catalog = new CatalogLocation.Sqlite(Path.Combine(_fixture.Home, "other.sqlite")) }))
        {
            _fixture.Clock.Advance(TimeSpan.FromDays(4000));
            Assert.Contains("another catalog", Assert.Throws<LakeException>(() => new Sweep(other).Run(new SweepRequest())).Message, StringComparison.Ordinal);
        }

        Assert.Empty(new Sweep(_fixture.Lake).Run(new SweepRequest()).Orphans);
        Assert.Equal(rows, _fixture.Rows("t"));
    }

    [Fact]
    public void Leftovers_of_ended_processes_go_and_those_of_living_ones_stay()
    {
        string Old(params string[] path)
        {
            var file = Path.Combine([_fixture.Home, .. path]);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, "left");
            File.SetLastWriteTimeUtc(file, _fixture.Clock.GetUtcNow().UtcDateTime.AddDays(-3));
            return file;
        }

        var dead = Old(".staging", "7", "1-x.parquet");
        File.WriteAllText(Path.Combine(_fixture.Home, ".staging", "7.lock"), "");
        var living = Old(".staging", "8", "1-x.parquet");
        using var claim = new FileStream(Path.Combine(_fixture.Home, ".staging", "8.lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        var scratch = Path.GetDirectoryName(Old(".scratch", "abc", "spill.tmp"))!;
        Directory.SetLastWriteTimeUtc(scratch, _fixture.Clock.GetUtcNow().UtcDateTime.AddDays(-3));

        var swept = new Sweep(_fixture.Lake).Run(new SweepRequest());

        Assert.Equal([scratch, dead], swept.Leftovers);
        Assert.False(File.Exists(dead) || Directory.Exists(scratch));
        Assert.True(File.Exists(living));
    }

    [Fact]
    public void A_stored_batch_that_was_never_registered_is_adopted_with_its_number_and_origin()
    {
        var bronze = new BronzeStore(_fixture.Lake);
        Store(_fixture.Lake, bronze, "one");
        using (var killed = DataLake.Open(_fixture.Options(series: 1) with { Reached = point => Kill(point, KillPoint.FilesStored) }))
            Assert.Throws<InvalidOperationException>(() => Store(killed, new BronzeStore(killed), "two", "three"));
        var adoption = new BronzeAdoption(_fixture.Lake, bronze);
        _fixture.Clock.SetUtcNow(new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));

        var found = Assert.Single(adoption.Find(TimeSpan.FromHours(1), MaintainedLake.Quiet, CancellationToken.None));
        Assert.Equal((null, 2L, new BronzeOrigin("fmp", "eod", "1.2.0", "run"), 2), (found.Problem, found.Batch, found.Origin, found.Replies));
        Assert.Single(bronze.All());
        var told = new List<string>();
        adoption.Adopt([found], (_, batch, origin, reply) => told.Add($"{batch} {origin.RunId} {reply.Line} {reply.Reply.LedgerEntry}"), MaintainedLake.Quiet, CancellationToken.None);

        Assert.Equal(["2 run 0 about two", "2 run 1 about three"], told);
        Assert.Equal("three", Encoding.UTF8.GetString(bronze.ReadReply(bronze.Find(2)!, 1).Reply.Body));
        Assert.Empty(adoption.Find(TimeSpan.FromHours(1), MaintainedLake.Quiet, CancellationToken.None));
        Store(_fixture.Lake, bronze, "four");
        Assert.Equal([1L, 2, 3], bronze.All().Select(b => b.Id));
        Assert.Empty(new LakeCheck(_fixture.Lake, bronze).Run(deep: true, MaintainedLake.Quiet, CancellationToken.None).Problems);
    }

    [Fact]
    public void A_damaged_or_foreign_Bronze_file_is_named_and_not_adopted()
    {
        var bronze = new BronzeStore(_fixture.Lake);
        Store(_fixture.Lake, bronze, "one");
        var file = Directory.GetFiles(Path.Combine(_fixture.Home, _fixture.Lake.Paths.BronzeZone), "*.parquet", SearchOption.AllDirectories).Single();
        File.Copy(file, Path.ChangeExtension(file, null) + "_twice.parquet");
        File.WriteAllBytes(Path.ChangeExtension(file, null) + "_cut.parquet", File.ReadAllBytes(file)[..^9]);

        var found = new BronzeAdoption(_fixture.Lake, bronze).Find(null, MaintainedLake.Quiet, CancellationToken.None);

        Assert.Equal(2, found.Count);
        Assert.Contains("number 1 too", found[0].Problem, StringComparison.Ordinal);
        Assert.Contains("no whole Bronze file", found[1].Problem, StringComparison.Ordinal);
        new BronzeAdoption(_fixture.Lake, bronze).Adopt(found, (_, _, _, _) => Assert.Fail("adopted"), MaintainedLake.Quiet, CancellationToken.None);
        Assert.Single(bronze.All());
    }

    public void Dispose() => _fixture.Dispose();

    internal static void Store(DataLake lake, BronzeStore bronze, params string[] bodies)
    {
        using var writer = new BronzeWriter(lake, bronze);
        foreach (var (body, i) in bodies.Select((b, i) => (Encoding.UTF8.GetBytes(b), i)))
        {
            writer.Add(new BronzeOrigin("fmp", "eod", "1.2.0", "run"), new BronzeEntry(new ReceivedReply
            {
                Method = "GET",
                Path = "/x",
                Query = "q",
                Subject = "A",
                Status = 200,
                Headers = [KeyValuePair.Create("h", "v")],
                FetchedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5 + i, TimeSpan.Zero),
                Attempts = 1,
                Outcome = "Rows",
                LedgerEntry = "about " + bodies[i],
                Sha256 = Convert.ToHexStringLower(SHA256.HashData(body)),
                Body = body,
            }));
        }

        writer.Flush();
    }

    private static void Kill(string point, string at)
    {
        if (point == at)
            throw new InvalidOperationException("killed");
    }
}
