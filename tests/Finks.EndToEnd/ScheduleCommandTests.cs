using System.Diagnostics;
using System.Text.Json.Nodes;
using Finks.Orchestration.Local;
using Finks.Orchestration.States;
using Finks.Orchestration.Tests.Notifications;
using Finks.Simulator;

namespace Finks.EndToEnd;

/// <summary><c>finks schedule</c> and the notifications of runs, as users have them.</summary>
public sealed class ScheduleCommandTests : IAsyncDisposable
{
    private static readonly RealClock Clock = new();

    private readonly TemporaryFolder _folder = new();
    private readonly SyntheticMarket _market = new(new DateOnly(2025, 12, 31), seed: 1, symbols: 1, years: 1);
    private readonly WebhookSink _sink = new();
    private readonly List<Process> _processes = [];
    private SimulatorServer? _source;

    private string Home => _folder.File("lake");

    [Fact]
    public async Task A_killed_scheduler_s_run_is_gone_on_with_by_the_next_one_and_people_are_told()
    {
        await ServeAsync(new FaultRule(FaultKind.Slow) { From = 3, Times = 1 });
        var file = Schedule("every: 1s");
        var first = Start("schedule", "--file", file, "--home", Home);
        await UntilAsync(() => _source!.RequestCount >= 3);
        first.Kill();
        await first.WaitForExitAsync(TestContext.Current.CancellationToken);

        var second = Start("schedule", "--file", file, "--home", Home);
        await UntilAsync(() => _sink.Bodies.Count >= 2);
        Oracle.Run("kill", ["-INT", $"{second.Id}"]);
        await second.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, second.ExitCode);
        Assert.Equal(["crashed", "completed"], _sink.Bodies.Take(2).Select(b => Text(b, "outcome")));
        Assert.Equal([false, true], _sink.Bodies.Take(2).Select(b => b["recovery"]!.GetValue<bool>()));
        Assert.Equal($"finks run --resume {Text(_sink.Bodies.First(), "flow_run_id")}", Text(_sink.Bodies.First(), "next_command"));
        using var lake = new LakeContent(Home);
        var runs = new RunReader(lake.Lake.Database);
        var killed = runs.Find(Text(_sink.Bodies.First(), "flow_run_id"))[0];
        Assert.Equal((StateType.Completed, 2), (killed.State.Type, killed.RunCount));
        Assert.Equal(["daily/here/often"], killed.Tags);
        Assert.Equal(killed.Id, runs.Latest(100).Last().Id);
        FinksProgram.Output("lake", "check", "--home", Home);
    }

    [Fact]
    public async Task A_gate_that_is_shut_is_told_with_environment_flow_reason_and_next_command_once_and_its_end_too()
    {
        await ServeAsync();
        RefusingContracts.CopyTo(_folder.File("contracts"), _market.Symbols[0]);
        string[] run =
        [
            "run", "--symbols", _market.Symbols[0], "--from", "2025-12-01", "--to", "2025-12-31", "--base-url", _source!.BaseAddress.ToString(), "--calls-per-minute", "0", "--home", Home,
        ];

        for (var i = 0; i < 2; i++)
            Assert.Equal(4, Run([.. run, "--contracts", _folder.File("contracts")]).ExitCode);
        Assert.Equal(0, Run(run).ExitCode);
        Assert.Equal(0, Run(run).ExitCode);

        Assert.Equal(["failed", "completed"], _sink.Bodies.Select(b => Text(b, "outcome")));
        var told = _sink.Bodies.First();
        Assert.Equal(("dev", "daily"), (Text(told, "environment"), Text(told, "flow")));
        Assert.Contains("rows_refused", Text(told, "reason"), StringComparison.Ordinal);
        Assert.Equal($"finks runs show {Text(told, "flow_run_id")}", Text(told, "next_command"));
        Assert.Equal(1, _sink.Bodies.Last()["repeats"]!.GetValue<int>());
        Assert.Contains("transform: ", Text(_sink.Bodies.Last(), "reason"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_lacks_replies_is_told_as_done_in_part()
    {
        await ServeAsync(new FaultRule(FaultKind.ServerError) { From = 2, Times = null });

        var run = Run(
            "run", "--symbols", _market.Symbols[0], "--from", "2025-12-01", "--to", "2025-12-31", "--base-url", _source!.BaseAddress.ToString(), "--calls-per-minute", "0", "--attempts", "1",
            "--home", Home);

        Assert.Equal(3, run.ExitCode);
        Assert.Equal("incomplete", Text(Assert.Single(_sink.Bodies), "outcome"));
    }

    [Fact]
    public void A_test_message_and_its_recovery_go_out_on_each_way()
    {
        var none = FinksProgram.Run("notify", "test");
        var sent = Run("notify", "test");
        _sink.Answers.Enqueue((404, null));
        var refused = Run("notify", "test");

        Assert.Equal(2, none.ExitCode);
        Assert.StartsWith("Nobody is told of runs. Set FINKS_NOTIFY_SLACK", none.Error, StringComparison.Ordinal);
        Assert.Equal((0, "webhook: delivered"), (sent.ExitCode, sent.Output.Trim()));
        Assert.Equal(["failed", "completed"], _sink.Bodies.Take(2).Select(b => Text(b, "outcome")));
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("the service answered 404", refused.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_variable_is_told_before_anything_is_begun()
    {
        var result = FinksProgram.RunWith(new Dictionary<string, string> { ["FINKS_NOTIFY_SLACK"] = "nonsense" }, "maintain", "--home", Home);

        Assert.Equal((2, "FINKS_NOTIFY_SLACK is no http or https URL. Copy it anew from the service."), (result.ExitCode, result.Error.Trim()));
        Assert.Equal("No such run.", FinksProgram.Output("runs", "--home", Home).Trim());
    }

    [Fact]
    public void Schedules_are_listed_paused_and_resumed_by_name()
    {
        var file = Schedule("cron: \"0 2 * * *\"");
        string[] where = ["--file", file, "--home", Home];

        Assert.Matches(@"daily/here/often +cron: 0 2 \* \* \*; timezone: UTC +the latest runs +20\d\d-\d\d-\d\d 02:00:00", FinksProgram.Output(["schedule", "list", .. where]));
        Assert.Matches(@"daily/here/often .* paused", FinksProgram.Output(["schedule", "pause", "daily/here/often", .. where]));
        Assert.Matches(@"daily/here/often .* 02:00:00", FinksProgram.Output(["schedule", "resume", "daily/here/often", .. where]));
        var unknown = FinksProgram.Run(["schedule", "pause", "daily/here/seldom", .. where]);
        Assert.Equal((2, "The file has no schedule daily/here/seldom. It has daily/here/often."), (unknown.ExitCode, unknown.Error.Trim()));
    }

    [Theory]
    [InlineData("--env", "prod", "The file is for the environment dev, and the lake is prod's.")]
    [InlineData("--file", "absent.yaml", "There is no file")]
    [InlineData("", "", "No file says what is to run when.")]
    public void What_cannot_be_scheduled_is_told_with_what_to_write(string option, string value, string problem)
    {
        string[] file = option == "" ? [] : ["--file", Schedule("every: 1h")];
        string[] more = option == "" ? [] : [option, value];

        var result = FinksProgram.Run(["schedule", .. option == "--file" ? more : [.. file, .. more], "--home", Home]);

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith(problem, result.Error, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            if (!process.HasExited)
                process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        if (_source is not null)
            await _source.DisposeAsync();
        _sink.Dispose();
        _folder.Dispose();
    }

    private string Schedule(string when)
    {
        var file = _folder.File("schedule.yaml");
        File.WriteAllText(file, $$"""
            environment: dev
            deployments:
              - flow: daily
                name: here
                parameters: { symbols: [{{_market.Symbols[0]}}], from: "2025-12-01", to: "2025-12-31", base_url: "{{_source?.BaseAddress}}", calls_per_minute: 0 }
                schedules: [{ name: often, {{when}} }]
            """);
        return file;
    }

    private async Task ServeAsync(params FaultRule[] faults) =>
        _source = await SimulatorServer.StartAsync(new SimulatorOptions { Faults = faults }, _market, Clock, TestContext.Current.CancellationToken);

    private ProgramResult Run(params string[] arguments) =>
        FinksProgram.RunWith(new Dictionary<string, string> { ["FINKS_NOTIFY_WEBHOOK"] = _sink.Url }, arguments);

    private Process Start(params string[] arguments)
    {
        // Publishes the program where that has not been done.
        FinksProgram.Output("--version");
        var start = new ProcessStartInfo(Checkout.PathOf("artifacts", "finks", "finks"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["FMP_API_KEY"] = FinksProgram.Key;
        start.Environment["FINKS_NOTIFY_WEBHOOK"] = _sink.Url;
        var process = Process.Start(start) ?? throw new InvalidOperationException("The program did not start.");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _processes.Add(process);
        return process;
    }

    private static string Text(JsonNode body, string field) => body[field]!.GetValue<string>();

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
            await Task.Delay(TimeSpan.FromMilliseconds(20), Clock, TestContext.Current.CancellationToken);
    }
}
