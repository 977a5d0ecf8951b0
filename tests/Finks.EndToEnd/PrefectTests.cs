using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Finks.Simulator;

[assembly: AssemblyFixture(typeof(PrefectServer))]

namespace Finks.EndToEnd;

/// <summary>The published program under a real Prefect server, started by Prefect's own process worker and by Finks's.</summary>
public sealed class PrefectTests(PrefectServer server) : IAsyncLifetime
{
    private static readonly RealClock Clock = new();

    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _workers = [];
    private SimulatorServer? _source;

    public static TheoryData<string> Workers => ["prefect", "finks"];

    private string Home => _folder.File("lake");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    [Theory]
    [MemberData(nameof(Workers))]
    public async Task A_scheduled_daily_run_completes_with_its_stages_report_and_progress(string worker)
    {
        var deployment = await DeployAsync("daily", await DailyAsync());
        StartWorker(worker);

        var run = await EndOfAsync(await ScheduleAsync(deployment));

        Assert.Equal("COMPLETED", run["state_type"]!.GetValue<string>());
        Assert.Equal(["bronze-to-silver-0", "ingest-0", "silver-to-gold-0"], await TasksAsync(run));
        var artifacts = (await server.PostAsync("/artifacts/filter", new JsonObject()))!.AsArray().Where(a => a!["flow_run_id"]?.GetValue<string>() == Id(run)).ToList();
        Assert.Contains("| transform |", Assert.Single(artifacts, a => a!["key"]!.GetValue<string>() == "run-report")!["data"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("Completed", FinksProgram.Output("runs", "--home", Home), StringComparison.Ordinal);
        Assert.Contains("transform", FinksProgram.Output("runs", "show", Id(run), "--home", Home), StringComparison.Ordinal);
        FinksProgram.Output("lake", "check", "--home", Home);
        using var lake = new LakeContent(Home);
        Assert.Equal(Id(run), lake.Lake.Database.Read(r => r.Scalar<string>(
            "select p.flow_run_id from finks_task_run p join finks_flow_run c on c.parent_task_run_id = p.task_run_id join finks_bronze_batch b on b.run_id = c.flow_run_id")));
    }

    [Theory]
    [MemberData(nameof(Workers))]
    public async Task A_shut_gate_shows_as_failed_with_the_reason(string worker)
    {
        RefusingContracts.CopyTo(_folder.File("contracts"), "FKA01");
        var deployment = await DeployAsync("daily", await DailyAsync());
        StartWorker(worker, contracts: _folder.File("contracts"));

        var run = await EndOfAsync(await ScheduleAsync(deployment));

        Assert.Equal("FAILED", run["state_type"]!.GetValue<string>());
        Assert.Contains("rows_refused", run["state"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.DoesNotContain("silver-to-gold-0", await TasksAsync(run));
    }

    [Theory]
    [MemberData(nameof(Workers))]
    public async Task A_cancel_on_the_server_stops_the_run_within_thirty_seconds(string worker)
    {
        var deployment = await DeployAsync("daily", await DailyAsync(new FaultRule(FaultKind.Slow) { Times = null }));
        StartWorker(worker);
        var id = await ScheduleAsync(deployment);
        await UntilAsync(id, r => r["state_type"]!.GetValue<string>() == "RUNNING" && r["infrastructure_pid"] is not null && _source!.RequestCount > 0);
        var process = PidOf(await RunAsync(id));

        var asked = Clock.GetTimestamp();
        await SetStateAsync(id, "CANCELLING");
        var run = await EndOfAsync(id);

        Assert.Equal("CANCELLED", run["state_type"]!.GetValue<string>());
        Assert.InRange(Clock.GetElapsedTime(asked), TimeSpan.Zero, TimeSpan.FromSeconds(30));
        await GoneAsync(process);
    }

    [Theory]
    [MemberData(nameof(Workers))]
    public async Task A_killed_run_shows_as_crashed_and_goes_on_from_its_finished_tasks(string worker)
    {
        var deployment = await DeployAsync("daily", await DailyAsync());
        StartWorker(worker);
        var id = await ScheduleAsync(deployment);
        await UntilAsync(id, r => r["infrastructure_pid"] is not null && StateOfTask(id, "ingest-0") == "COMPLETED", TimeSpan.FromMilliseconds(20));

        Process.GetProcessById(PidOf(await RunAsync(id))).Kill();
        var crashed = await EndOfAsync(id);
        var requests = _source!.RequestCount;
        await SetStateAsync(id, "SCHEDULED", "AwaitingRetry");
        var run = await EndOfAsync(id, "CRASHED");

        Assert.Equal("CRASHED", crashed["state_type"]!.GetValue<string>());
        Assert.Equal(("COMPLETED", 2), (run["state_type"]!.GetValue<string>(), run["run_count"]!.GetValue<int>()));
        Assert.Equal(requests, _source.RequestCount);
        FinksProgram.Output("lake", "check", "--home", Home);
    }

    [Theory]
    [MemberData(nameof(Workers))]
    public async Task A_suspended_run_ends_its_process_and_goes_on_when_it_is_resumed(string worker)
    {
        var deployment = await DeployAsync("daily", await DailyAsync(new FaultRule(FaultKind.Slow) { From = 5, Times = 1 }));
        StartWorker(worker);
        var id = await ScheduleAsync(deployment);
        await UntilAsync(id, r => r["state_type"]!.GetValue<string>() == "RUNNING" && r["infrastructure_pid"] is not null && _source!.RequestCount >= 5);
        var process = PidOf(await RunAsync(id));

        await SetStateAsync(id, "PAUSED", "Suspended", new JsonObject { ["pause_key"] = "by hand", ["pause_reschedule"] = true });
        await GoneAsync(process);
        var suspended = await RunAsync(id);
        await server.PostAsync($"/flow_runs/{id}/resume", new JsonObject());
        var run = await EndOfAsync(id);

        Assert.Equal("Suspended", suspended["state_name"]!.GetValue<string>());
        Assert.Equal(("COMPLETED", 1), (run["state_type"]!.GetValue<string>(), run["run_count"]!.GetValue<int>()));
        Assert.NotEqual(process, PidOf(run));
        FinksProgram.Output("lake", "check", "--home", Home);
    }

    [Theory]
    [MemberData(nameof(Workers))]
    public async Task A_run_whose_process_could_not_begin_shows_as_crashed_with_the_reason(string worker)
    {
        var deployment = await DeployAsync("freshness", []);
        StartWorker(worker, contracts: _folder.File("no-such-folder"));

        var run = await EndOfAsync(await ScheduleAsync(deployment));

        Assert.Equal("CRASHED", run["state_type"]!.GetValue<string>());
        Assert.Contains("no-such-folder", run["state"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Workers))]
    public async Task A_stage_that_fails_twice_is_tried_again_by_the_server_and_succeeds(string worker)
    {
        var parameters = await DailyAsync();
        parameters["retries"] = 2;
        var deployment = await DeployAsync("daily", parameters);
        // A file where a folder has to be.
        var obstacle = new FileInfo(Path.Combine(Directory.CreateDirectory(Path.Combine(Home, "dev-silver-zone")).FullName, "entity=eod_price_raw"));
        await obstacle.Create().DisposeAsync();
        StartWorker(worker);
        var id = await ScheduleAsync(deployment);

        await UntilAsync(id, r => HasEnded(r) || (CleansingOf(id) is { } task
            && task["run_count"]!.GetValue<int>() == 2 && task["state_name"]!.GetValue<string>() == "AwaitingRetry"));
        obstacle.Delete();
        var run = await EndOfAsync(id);

        Assert.Equal("COMPLETED", run["state_type"]!.GetValue<string>());
        var cleansing = CleansingOf(id)!;
        Assert.Equal(("COMPLETED", 3), (cleansing["state_type"]!.GetValue<string>(), cleansing["run_count"]!.GetValue<int>()));
        Assert.Contains("(3 attempts)", FinksProgram.Output("runs", "show", id, "--home", Home), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prefect_s_worker_and_two_of_Finks_share_a_pool_and_begin_each_run_once()
    {
        const int Runs = 12;
        var deployment = await DeployAsync("freshness", []);
        StartWorker("prefect");
        StartWorker("finks");
        StartWorker("finks");

        var ids = new List<string>();
        for (var i = 0; i < Runs; i++)
            ids.Add(await ScheduleAsync(deployment));

        foreach (var id in ids)
        {
            var run = await EndOfAsync(id);
            Assert.Equal(("COMPLETED", 1), (run["state_type"]!.GetValue<string>(), run["run_count"]!.GetValue<int>()));
        }
    }

    [Fact]
    public async Task A_stopped_worker_of_Finks_ends_its_runs_in_order_and_a_killed_one_s_run_is_found_by_the_sweep()
    {
        var deployment = await DeployAsync("daily", await DailyAsync(new FaultRule(FaultKind.Slow) { Times = null }));
        var first = StartWorker("finks");
        var id = await ScheduleAsync(deployment);
        await UntilAsync(id, r => r["state_type"]!.GetValue<string>() == "RUNNING" && _source!.RequestCount > 0);
        Signal(first, "TERM");
        var stopped = await EndOfAsync(id);
        await first.WaitForExitAsync(TestContext.Current.CancellationToken);

        var second = StartWorker("finks");
        var other = await ScheduleAsync(deployment);
        await UntilAsync(other, r => r["state_type"]!.GetValue<string>() == "RUNNING");
        var process = PidOf(await RunAsync(other));
        Signal(second, "KILL");
        Process.GetProcessById(process).Kill();
        await GoneAsync(process);
        var swept = FinksProgram.Output("runs", "sweep", "--api-url", server.ApiUrl.ToString(), "--home", Home);

        Assert.Equal(("CRASHED", 0), (stopped["state_type"]!.GetValue<string>(), first.ExitCode));
        Assert.Contains($"{other}", swept, StringComparison.Ordinal);
        Assert.Equal("CRASHED", (await RunAsync(other))["state_type"]!.GetValue<string>());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            if (!worker.HasExited)
                worker.Kill(entireProcessTree: true);
            await worker.WaitForExitAsync();
            worker.Dispose();
        }

        if (_source is not null)
            await _source.DisposeAsync();
        _folder.Dispose();
    }

    private string Pool => "finks-" + Path.GetFileName(_folder.Path).ToLowerInvariant();

    private static string Id(JsonNode run) => run["id"]!.GetValue<string>();

    private static int PidOf(JsonNode run) => int.Parse(run["infrastructure_pid"]!.GetValue<string>().Split(':')[^1], CultureInfo.InvariantCulture);

    private static void Signal(Process process, string signal) => Oracle.Run("kill", [$"-{signal}", $"{process.Id}"]);

    /// <summary>A small market, whose server lives as long as the test.</summary>
    private async Task<JsonObject> DailyAsync(params FaultRule[] faults)
    {
        var market = new SyntheticMarket(new DateOnly(2025, 12, 31), seed: 1, symbols: 2, years: 1);
        _source = await SimulatorServer.StartAsync(new SimulatorOptions { Faults = faults }, market, Clock, TestContext.Current.CancellationToken);
        return new JsonObject
        {
            ["symbols"] = new JsonArray([.. market.Symbols.Select(s => (JsonNode)s)]),
            ["from"] = "2025-12-01",
            ["to"] = "2025-12-31",
            ["base_url"] = _source.BaseAddress.ToString(),
            ["calls_per_minute"] = 0,
            ["retries"] = 0,
        };
    }

    /// <summary>A pool of its own, whose runs start the published program.</summary>
    private async Task<string> DeployAsync(string flow, JsonObject parameters)
    {
        var variables = JsonNode.Parse($$$$"""
            {"type":"object","properties":{
              "name":{"anyOf":[{"type":"string"},{"type":"null"}],"default":null},
              "env":{"type":"object","additionalProperties":{"anyOf":[{"type":"string"},{"type":"null"}]}},
              "labels":{"type":"object","additionalProperties":{"type":"string"}},
              "command":{"type":"string","default":"{{{{Checkout.PathOf("artifacts", "finks", "finks")}}}} flow-run execute"},
              "stream_output":{"type":"boolean","default":true},"working_dir":{"type":"string","default":"{{{{_folder.Path}}}}"}}}
            """);
        var configuration = new JsonObject(new[] { "command", "env", "labels", "name", "stream_output", "working_dir" }.Select(v => KeyValuePair.Create(v, (JsonNode?)$"{{{{ {v} }}}}")));
        await server.PostAsync("/work_pools/", new JsonObject
        {
            ["name"] = Pool,
            ["type"] = "process",
            ["base_job_template"] = new JsonObject { ["job_configuration"] = configuration, ["variables"] = variables },
        });
        var made = await server.PostAsync("/flows/", new JsonObject { ["name"] = flow });
        var deployment = await server.PostAsync("/deployments/", new JsonObject
        {
            ["name"] = Pool,
            ["flow_id"] = Id(made!),
            ["entrypoint"] = "finks",
            ["work_pool_name"] = Pool,
            ["work_queue_name"] = "default",
            ["parameters"] = parameters,
        });
        return Id(deployment!);
    }

    private async Task<string> ScheduleAsync(string deployment)
    {
        var time = Clock.GetUtcNow().AddSeconds(1).ToString("O", CultureInfo.InvariantCulture);
        var state = new JsonObject { ["type"] = "SCHEDULED", ["state_details"] = new JsonObject { ["scheduled_time"] = time } };
        return Id((await server.PostAsync($"/deployments/{deployment}/create_flow_run", new JsonObject { ["state"] = state }))!);
    }

    private Process StartWorker(string kind, string? contracts = null)
    {
        var environment = new Dictionary<string, string> { ["FINKS_HOME"] = Home, ["FMP_API_KEY"] = FinksProgram.Key, ["PREFECT_API_URL"] = server.ApiUrl.ToString() };
        if (contracts is not null)
            environment["FINKS_CONTRACTS"] = contracts;
        // Publishes the program where that has not been done.
        FinksProgram.Output("--version");
        if (kind == "prefect")
        {
            _workers.Add(server.StartWorker(Pool, environment));
            return _workers[^1];
        }

        var number = _workers.Count;
        var start = new ProcessStartInfo(
            Checkout.PathOf("artifacts", "finks", "finks"),
            ["worker", "--pool", Pool, "--name", $"finks {number}", "--folder", _folder.File($"worker-{number}"), "--limit", "4"])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var worker = Process.Start(start) ?? throw new InvalidOperationException("The worker did not start.");
        worker.BeginOutputReadLine();
        worker.BeginErrorReadLine();
        _workers.Add(worker);
        return worker;
    }

    private async Task<JsonNode> RunAsync(string id) => (await server.GetAsync($"/flow_runs/{id}"))!;

    private async Task SetStateAsync(string id, string type, string? name = null, JsonObject? details = null)
    {
        var state = new JsonObject { ["type"] = type };
        if (details is not null)
            state["state_details"] = details;
        if (name is not null)
            state["name"] = name;
        await server.PostAsync($"/flow_runs/{id}/set_state", new JsonObject { ["state"] = state });
    }

    private string StateOfTask(string id, string task) => TaskStates(id).GetAwaiter().GetResult().GetValueOrDefault(task, "");

    private async Task<Dictionary<string, string>> TaskStates(string id)
    {
        var filter = new JsonObject { ["flow_runs"] = new JsonObject { ["id"] = new JsonObject { ["any_"] = new JsonArray(id) } } };
        return (await server.PostAsync("/task_runs/filter", filter))!.AsArray().ToDictionary(t => t!["name"]!.GetValue<string>(), t => t!["state_type"]!.GetValue<string>());
    }

    /// <summary>The task run of the subflow that makes Silver; null when there is none yet.</summary>
    private JsonNode? CleansingOf(string id)
    {
        var ofParent = new JsonObject { ["parent_flow_run_id"] = new JsonObject { ["any_"] = new JsonArray(id) } };
        var filter = new JsonObject { ["flow_runs"] = ofParent, ["task_runs"] = new JsonObject { ["name"] = new JsonObject { ["any_"] = new JsonArray("cleanse-0") } } };
        return server.PostAsync("/task_runs/filter", filter).GetAwaiter().GetResult()!.AsArray().SingleOrDefault();
    }

    private async Task<IEnumerable<string>> TasksAsync(JsonNode run)
    {
        var states = await TaskStates(Id(run));
        return states.Keys.Order();
    }

    /// <summary>The run when it has ended.</summary>
    /// <param name="not">A state that it may still be in.</param>
    private Task<JsonNode> EndOfAsync(string id, string? not = null) =>
        UntilAsync(id, r => HasEnded(r) && r["state_type"]!.GetValue<string>() != not);

    private static bool HasEnded(JsonNode run) => run["state_type"]!.GetValue<string>() is "COMPLETED" or "FAILED" or "CANCELLED" or "CRASHED";

    /// <summary>Looks until the server says so; fails when it does not for four minutes, which no loaded machine takes.</summary>
    private async Task<JsonNode> UntilAsync(string id, Func<JsonNode, bool> holds, TimeSpan? pause = null)
    {
        var start = Clock.GetTimestamp();
        while (true)
        {
            var run = await RunAsync(id);
            if (holds(run))
                return run;
            Assert.True(Clock.GetElapsedTime(start) < TimeSpan.FromMinutes(4), $"It stays as it is: {run["state"]}");
            await Task.Delay(pause ?? TimeSpan.FromMilliseconds(200), Clock, TestContext.Current.CancellationToken);
        }
    }

    private static async Task GoneAsync(int process)
    {
        while (Directory.Exists($"/proc/{process}") && !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal))
            await Task.Delay(TimeSpan.FromMilliseconds(100), Clock, TestContext.Current.CancellationToken);
    }
}
