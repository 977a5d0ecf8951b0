using System.Diagnostics;
using System.Text.RegularExpressions;
using Finks.Orchestration.Local;
using Finks.Orchestration.States;
using Finks.Simulator;

namespace Finks.EndToEnd;

/// <summary>Runs of the published program on the local backend, as <see cref="PrefectTests"/> has them on a server.</summary>
public sealed partial class LocalRunTests : IAsyncDisposable
{
    private static readonly RealClock Clock = new();

    private readonly TemporaryFolder _folder = new();
    private readonly SyntheticMarket _market = new(new DateOnly(2025, 12, 31), seed: 1, symbols: 2, years: 1);
    private SimulatorServer _source = null!;

    private string Home => _folder.File("lake");

    [Fact]
    public async Task A_request_to_cancel_stops_a_run_in_another_process_and_resume_goes_on_with_it()
    {
        using var process = await StartAsync();
        var id = await RunningAsync();

        var asked = Clock.GetTimestamp();
        Assert.Contains("Cancelling", FinksProgram.Output("runs", "cancel", id, "--home", Home), StringComparison.Ordinal);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.InRange(Clock.GetElapsedTime(asked), TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.Equal(130, process.ExitCode);
        Assert.Contains("Cancelled", FinksProgram.Output("runs", "show", id, "--home", Home), StringComparison.Ordinal);
        Assert.Contains($"Going on with daily", FinksProgram.Output("run", "--resume", "--home", Home), StringComparison.Ordinal);
        AssertWhole(id, runs: 2);
    }

    [Fact]
    public async Task A_killed_run_shows_as_crashed_and_goes_on_once()
    {
        using var process = await StartAsync();
        var id = await RunningAsync();

        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Contains($"{id}  daily", FinksProgram.Output("runs", "sweep", "--home", Home), StringComparison.Ordinal);
        Assert.Contains("Crashed", FinksProgram.Output("runs", "--home", Home), StringComparison.Ordinal);
        FinksProgram.Output("run", "--resume", id, "--home", Home);
        var again = FinksProgram.Run("run", "--resume", id, "--home", Home);
        Assert.Equal((2, $"Run {id} has completed."), (again.ExitCode, again.Error.Trim()));
        AssertWhole(id, runs: 2);
    }

    [Fact]
    public async Task Ctrl_C_ends_a_run_in_a_way_that_can_go_on()
    {
        using var process = await StartAsync();
        var id = await RunningAsync();

        Oracle.Run("kill", ["-INT", $"{process.Id}"]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(130, process.ExitCode);
        Assert.Contains("Cancelled", FinksProgram.Output("runs", "--home", Home), StringComparison.Ordinal);
        FinksProgram.Output("run", "--resume", "--home", Home);
        AssertWhole(id, runs: 2);
    }

    [Fact]
    public async Task A_run_that_somebody_works_on_cannot_be_resumed()
    {
        using var process = await StartAsync();
        var id = await RunningAsync();

        var resumed = FinksProgram.Run("run", "--resume", id, "--home", Home);
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((2, $"Run {id} is Running: another process works on it."), (resumed.ExitCode, resumed.Error.Trim()));
    }

    [Fact]
    public async Task A_backfill_goes_window_by_window_and_leaves_what_one_run_leaves()
    {
        await ServeAsync();
        string[] source = ["--symbols", string.Join(',', _market.Symbols), "--from", "2025-01-01", "--to", "2025-12-31", "--base-url", _source.BaseAddress.ToString(), "--calls-per-minute", "0"];

        FinksProgram.Output(["backfill", .. source, "--window-days", "100", "--home", Home]);
        FinksProgram.Output(["run", .. source, "--home", _folder.File("other")]);

        var run = FinksProgram.Output("runs", "--home", Home);
        var tree = FinksProgram.Output("runs", "show", Identifier().Match(run).Value, "--home", Home);
        Assert.Equal(["2025-01-01..2025-04-10", "2025-04-11..2025-07-19", "2025-07-20..2025-10-27", "2025-10-28..2025-12-31"], Window().Matches(tree).Select(m => m.Value));
        string[] gold = ["show", "daily_returns", "--limit", "0", "--format", "csv", "--home"];
        Assert.Equal(FinksProgram.Output([.. gold, _folder.File("other")]), FinksProgram.Output([.. gold, Home]));
    }

    [Fact]
    public async Task Maintenance_and_freshness_are_runs_like_all_others()
    {
        await ServeAsync();
        FinksProgram.Output(
            "run", "--symbols", _market.Symbols[0], "--from", "2025-12-01", "--to", "2025-12-31", "--base-url", _source.BaseAddress.ToString(), "--calls-per-minute", "0", "--home", Home);

        var maintained = FinksProgram.Output("maintain", "--backup-to", _folder.File("backup"), "--home", Home);
        var late = FinksProgram.Run("freshness", "--home", Home);

        Assert.Matches(@"(?s)compact .*publish .*expire .*sweep .*check .*no problems.*backup .*were new", maintained);
        Assert.Equal(4, late.ExitCode);
        Assert.Matches(@"\d of \d datasets are late\.\n  \w+: ", late.Error);
        var runs = FinksProgram.Output("runs", "--home", Home);
        Assert.Matches("freshness +Failed", runs);
        Assert.Matches("maintenance +Completed", runs);
        FinksProgram.Output("lake", "verify-backup", _folder.File("backup"), "--home", Home);
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        _folder.Dispose();
    }

    private void AssertWhole(string id, int runs)
    {
        using var lake = new LakeContent(Home);
        var tree = new RunReader(lake.Lake.Database).Tree(Guid.Parse(id))!;
        Assert.Equal((StateType.Completed, runs), (tree.Run.State.Type, tree.Run.RunCount));
        Assert.All(tree.Tasks, t => Assert.Equal(StateType.Completed, t.Run.State.Type));
        Assert.Contains(tree.Artifacts, a => a.Key == "run-report");
        FinksProgram.Output("lake", "check", "--home", Home);
    }

    private async Task ServeAsync(params FaultRule[] faults) =>
        _source = await SimulatorServer.StartAsync(new SimulatorOptions { Faults = faults }, _market, Clock, TestContext.Current.CancellationToken);

    /// <summary>Starts a run that will wait for its fifth reply.</summary>
    private async Task<Process> StartAsync()
    {
        await ServeAsync(new FaultRule(FaultKind.Slow) { From = 5, Times = 1 });
        // Publishes the program where that has not been done.
        FinksProgram.Output("--version");
        var start = new ProcessStartInfo(
            Checkout.PathOf("artifacts", "finks", "finks"),
            ["run", "--symbols", string.Join(',', _market.Symbols), "--from", "2025-12-01", "--to", "2025-12-31", "--base-url", _source.BaseAddress.ToString(), "--calls-per-minute", "0", "--home", Home])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["FMP_API_KEY"] = FinksProgram.Key;
        var process = Process.Start(start) ?? throw new InvalidOperationException("The run did not start.");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Waits until the run waits for a slow reply; gives its identifier.</summary>
    private async Task<string> RunningAsync()
    {
        while (_source.RequestCount < 5)
            await Task.Delay(TimeSpan.FromMilliseconds(20), Clock, TestContext.Current.CancellationToken);
        using var lake = new LakeContent(Home);
        return Assert.Single(new RunReader(lake.Lake.Database).Latest(10, flow: "daily")).Id.ToString("D");
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f-]{27}")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"2025-\d\d-\d\d\.\.2025-\d\d-\d\d")]
    private static partial Regex Window();
}
