using Finks.Cli;
using Finks.Lake;
using Finks.Lake.Storage;
using Finks.Pipelines;
using Finks.Simulator;

namespace Finks.EndToEnd;

/// <summary>A store that fails its n-th operation, for every n until none fails.</summary>
public sealed class StoreFaultTests : IDisposable
{
    private static readonly SyntheticMarket Market = PipelineFixture.Market(symbols: 1, years: 1);

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_run_ends_well_or_with_an_error_to_act_on_and_the_next_leaves_what_an_undisturbed_one_leaves()
    {
        var (undisturbed, _, _) = await RunAsync("undisturbed", failAt: 0);
        var failed = 0;
        for (var n = 1; ; n++)
        {
            var (_, struck, error) = await RunAsync($"{n}", failAt: n);
            if (!struck)
                break;
            Assert.True(error is null || CommandTree.ExitCodeOf(error) is not null, $"operation {n}: {error}");
            failed += error is null ? 0 : 1;

            var (retried, _, none) = await RunAsync($"{n}", failAt: 0);
            Assert.Null(none);
            Assert.Equal(undisturbed, retried);
        }

        Assert.InRange(failed, 20, 500);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>From the source to manifests of Gold.</summary>
    /// <returns>What the lake holds then; whether the operation came; the error that ended the run.</returns>
    private async Task<(IReadOnlyList<string> Held, bool Struck, Exception? Error)> RunAsync(string name, int failAt)
    {
        var home = _folder.File(name);
        var passed = 0;
        void Before(string operation)
        {
            if (Interlocked.Increment(ref passed) == failAt)
                throw new LakeException($"The store was made to fail at {operation}. Run it again.");
        }

        try
        {
            using var workspace = PipelineFixture.Open(PipelineFixture.Folders(home, (short)(failAt + 1)) with { Store = new FaultyStore(new LocalStore(home), Before) });
            await PipelineFixture.IngestAsync(workspace, Market);
            await PipelineFixture.BuildAsync(workspace);
            return (failAt == 0 ? Held(workspace) : [], failAt > 0 && passed >= failAt, null);
        }
        catch (Exception error) when (passed >= failAt && failAt > 0)
        {
            return ([], true, error);
        }
    }

    /// <summary>The rows of Silver by their number, since the place in Bronze differs after a retry, and the bytes of Gold.</summary>
    private static IReadOnlyList<string> Held(Workspace workspace)
    {
        var now = workspace.Lake.CurrentSnapshot();
        return
        [
            .. workspace.Lake.Tables(now).Where(t => t.Schema == "silver").Select(t => $"{t.Name} {workspace.Lake.Files(t, now).Sum(f => f.Rows)}"),
            .. PipelineFixture.Bytes(workspace).Where(line => line.Contains("-gold-zone/", StringComparison.Ordinal)),
        ];
    }
}
