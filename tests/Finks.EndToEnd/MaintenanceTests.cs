using Finks.Lake;
using Finks.Lake.Maintenance;
using Finks.Pipelines;
using Finks.Pipelines.Maintenance;
using Finks.Pipelines.Publishing;
using Finks.Pipelines.Stages;
using Finks.Simulator;
using Microsoft.Extensions.Time.Testing;

namespace Finks.EndToEnd;

/// <summary>What becomes of a pipeline's lake under maintenance, and when it is lost.</summary>
public sealed class MaintenanceTests : IDisposable
{
    private static readonly string[] Registers = ["finks_bronze_batch", "finks_bronze_number", "finks_coverage", "finks_reply_problem"];

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task From_Bronze_alone_come_the_same_bytes_of_Silver_and_Gold_and_the_same_registers()
    {
        using var former = await BuiltAsync("former");
        var bytes = PipelineFixture.Bytes(former);
        CopyFolder(Path.Combine(former.Lake.Paths.Home, "dev-bronze-zone"), _folder.File("rebuilt", "dev-bronze-zone"));

        using var rebuilt = Open("rebuilt", series: 9, day: 30);
        await PipelineFixture.RunAsync(rebuilt, new RebuildStage(rebuilt, []), new TransformStage(rebuilt));

        Assert.Contains(bytes, line => line.Contains("gold-zone", StringComparison.Ordinal));
        Assert.Equal(bytes, PipelineFixture.Bytes(rebuilt));
        Assert.Equal(Ledgers(former), Ledgers(rebuilt));
        Compact(former);
        Compact(rebuilt);
        Assert.NotEqual(bytes, PipelineFixture.Bytes(former));
        Assert.Equal(PipelineFixture.Bytes(former), PipelineFixture.Bytes(rebuilt));

        // Nothing is asked for again, and nothing is built again.
        await PipelineFixture.IngestAsync(rebuilt, Market(3));
        Assert.Equal(former.Bronze.All().Count, rebuilt.Bronze.All().Count);
        var build = rebuilt.Gold.Latest();
        await PipelineFixture.BuildAsync(rebuilt);
        Assert.Equal(build, rebuilt.Gold.Latest());
    }

    [Fact]
    public async Task A_rebuild_that_was_killed_goes_on()
    {
        using var former = await BuiltAsync("former");
        var expected = PipelineFixture.Bytes(former);
        CopyFolder(Path.Combine(former.Lake.Paths.Home, "dev-bronze-zone"), _folder.File("killed", "dev-bronze-zone"));

        var kills = 0;
        for (short series = 20; ; series++)
        {
            var commits = 0;
            using var workspace = Open("killed", series, day: 30, reached: point =>
            {
                if (point == KillPoint.AfterCommit && ++commits == 12)
                    throw new InvalidOperationException("killed");
            });
            commits = 0;
            try
            {
                await PipelineFixture.RunAsync(workspace, new RebuildStage(workspace, []), new TransformStage(workspace));
                Assert.Equal(expected, PipelineFixture.Bytes(workspace));
                break;
            }
            catch (InvalidOperationException killed) when (killed.Message == "killed")
            {
                kills++;
            }
        }

        Assert.InRange(kills, 1, 20);
    }

    [Fact]
    public async Task Neither_compaction_nor_expiry_makes_Gold_be_built_again_or_changes_a_row()
    {
        using var workspace = await BuiltAsync("lake");
        var build = workspace.Gold.Latest();
        var content = Content("lake");

        Assert.Contains(Compact(workspace), r => r.FilesAfter < r.FilesBefore);
        ((FakeTimeProvider)workspace.Clock).Advance(TimeSpan.FromDays(60));
        var expired = new Expiry(workspace.Lake).Run(new ExpiryRequest { Needed = workspace.Gold.NeededSnapshots() });
        ((FakeTimeProvider)workspace.Clock).Advance(TimeSpan.FromDays(2));
        var swept = new Sweep(workspace.Lake).Run(new SweepRequest());
        await PipelineFixture.BuildAsync(workspace);

        Assert.NotEmpty(expired.Snapshots);
        Assert.NotNull(swept);
        Assert.Equal(build, workspace.Gold.Latest());
        Assert.Equal(content, Content("lake"));
        Assert.Empty(new LakeCheck(workspace.Lake, workspace.Bronze).Run(deep: true, Quiet, CancellationToken.None).Problems);
        await NextDayAsync(workspace);
        Assert.True(workspace.Gold.Latest().Id > build.Id);
    }

    [Fact]
    public async Task A_restored_lake_goes_on_where_the_lost_one_was()
    {
        using var former = await BuiltAsync("former");
        using (var place = BackupPlace.Folder(_folder.File("backup")))
            new LakeBackup(former.Lake).Run(place, Quiet, CancellationToken.None);
        using var restored = Open("restored", series: 9, day: 2);
        using (var place = BackupPlace.Folder(_folder.File("backup")))
            new LakeRestore(restored.Lake, ManifestPublisher.Ledgers).Run(place, null, Quiet, CancellationToken.None);

        Assert.Equal(PipelineFixture.Bytes(former), PipelineFixture.Bytes(restored));
        Assert.Equal(Ledgers(former), Ledgers(restored));
        var batches = restored.Bronze.All().Count;
        await PipelineFixture.IngestAsync(restored, Market(3));
        await PipelineFixture.BuildAsync(restored);
        Assert.Equal((batches, former.Gold.Latest()), (restored.Bronze.All().Count, restored.Gold.Latest()));

        await NextDayAsync(former);
        await NextDayAsync(restored);
        Assert.Equal(Content("former"), Content("restored"));
    }

    public void Dispose() => _folder.Dispose();

    private static IProgress<MaintenanceProgress> Quiet { get; } = new Progress<MaintenanceProgress>();

    private static SyntheticMarket Market(int days) => new(new DateOnly(2025, 12, 26).AddDays(days), seed: 1, symbols: 6, years: 2);

    private static IReadOnlyList<TableCompaction> Compact(Workspace workspace) =>
        new Compaction(workspace.Lake).Run(new CompactionRequest { Threads = 2 }, Quiet, CancellationToken.None);

    /// <summary>Three runs on three days.</summary>
    private async Task<Workspace> BuiltAsync(string name)
    {
        var workspace = Open(name, series: 1, day: 0);
        for (var day = 0; day < 3; day++)
        {
            ((FakeTimeProvider)workspace.Clock).SetUtcNow(PipelineFixture.Now.AddDays(day));
            await PipelineFixture.IngestAsync(workspace, Market(day + 1));
            await PipelineFixture.BuildAsync(workspace);
        }

        return workspace;
    }

    private static async Task NextDayAsync(Workspace workspace)
    {
        ((FakeTimeProvider)workspace.Clock).Advance(TimeSpan.FromDays(1));
        await PipelineFixture.IngestAsync(workspace, Market(6));
        await PipelineFixture.BuildAsync(workspace);
    }

    private Workspace Open(string name, short series, int day, Action<string>? reached = null) => PipelineFixture.Open(
        PipelineFixture.Folders(_folder.File(name), series) with { Clock = new FakeTimeProvider(PipelineFixture.Now.AddDays(day)), Reached = reached });

    private IReadOnlyList<string> Content(string name)
    {
        using var lake = new LakeContent(_folder.File(name));
        return lake.Tables();
    }

    /// <summary>Paths are named by chance and where files are, which is equal here.</summary>
    private static IReadOnlyList<string> Ledgers(Workspace workspace) => workspace.Lake.Database.Read(reader => (IReadOnlyList<string>)
    [
        .. Registers.SelectMany(table => reader.Query($"select * from {table}", row => $"{table} {string.Join('|', Enumerable.Range(0, row.FieldCount).Select(row.GetValue))}")
            .Order(StringComparer.Ordinal)),
    ]);

    private static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
