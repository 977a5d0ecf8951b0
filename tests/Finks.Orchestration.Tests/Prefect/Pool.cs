using System.Diagnostics;
using System.Text.Json.Nodes;
using Finks.Orchestration.Prefect.Api;
using Finks.Orchestration.Prefect.Workers;

namespace Finks.Orchestration.Tests.Prefect;

/// <summary>A work pool of the real server with a deployment, whose runs are small programs that note that they were started.</summary>
internal sealed class Pool : IAsyncDisposable, IRunLauncher
{
    private const string Engine =
        """
        import json, os, signal, sys, time, urllib.request
        api, run = os.environ["PREFECT_API_URL"], os.environ["PREFECT__FLOW_RUN_ID"]
        folder, mode = sys.argv[1:3]
        def say(state):
            body = json.dumps({"state": {"type": state}}).encode()
            urllib.request.urlopen(urllib.request.Request(f"{api}/flow_runs/{run}/set_state", body, {"content-type": "application/json"})).read()
        if mode == "stubborn":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        open(f"{folder}/{run}.{os.getpid()}", "w").close()
        if mode == "silent":
            sys.exit(3)
        say("RUNNING")
        if mode == "complete":
            say("COMPLETED")
            sys.exit(0)
        open(f"{folder}/running", "w").close()
        while True:
            time.sleep(0.2)
        """;

    private readonly PrefectServer _server;
    private readonly string _mode;
    private readonly string _python = Oracle.Python("prefect");
    private readonly TemporaryFolder _folder = new();
    private string _deployment = "";

    private Pool(PrefectServer server, Desk desk, string mode)
    {
        (_server, Desk, _mode) = (server, desk, mode);
        Name = $"pool-{desk.Ids.Next()}";
    }

    public string Name { get; }

    public Desk Desk { get; }

    /// <param name="mode">What each run does: complete, silent (ends without a word), hang, or stubborn (hangs and ignores
    /// SIGTERM).</param>
    public static async Task<Pool> WithAsync(PrefectServer server, string mode)
    {
        var pool = new Pool(server, new Desk(server), mode);
        var command = string.Join(' ', pool.Arguments().Prepend(pool._python).Select(part => "'" + part.Replace("'", "'\\''") + "'"));
        var template = new JsonObject
        {
            ["job_configuration"] = new JsonObject { ["command"] = "{{ command }}", ["env"] = "{{ env }}", ["labels"] = "{{ labels }}", ["name"] = "{{ name }}" },
            ["variables"] = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject
                {
                    ["command"] = new JsonObject { ["type"] = "string", ["default"] = command },
                    ["env"] = new JsonObject { ["type"] = "object" },
                    ["labels"] = new JsonObject { ["type"] = "object" },
                    ["name"] = new JsonObject { ["type"] = "string" },
                },
            },
        };
        await server.PostAsync("/work_pools/", new JsonObject { ["name"] = pool.Name, ["type"] = "process", ["base_job_template"] = template });
        var flow = await server.PostAsync("/flows/", new JsonObject { ["name"] = pool.Name });
        var deployment = await server.PostAsync("/deployments/", new JsonObject
        {
            ["name"] = "tests",
            ["flow_id"] = flow!["id"]!.GetValue<string>(),
            ["entrypoint"] = "none",
            ["work_pool_name"] = pool.Name,
        });
        pool._deployment = deployment!["id"]!.GetValue<string>();
        return pool;
    }

    public async Task<Guid> AddAsync(DateTimeOffset? at = null)
    {
        var state = new JsonObject { ["type"] = "SCHEDULED" };
        if (at is { } time)
            state["state_details"] = new JsonObject { ["scheduled_time"] = time.ToString("O") };
        return (await _server.PostAsync($"/deployments/{_deployment}/create_flow_run", new JsonObject { ["state"] = state }))!["id"]!.GetValue<Guid>();
    }

    public async Task<JsonNode> RunAsync(Guid run) => (await _server.GetAsync($"/flow_runs/{run}"))!;

    public async Task<string> StateAsync(Guid run) => (await RunAsync(run))["state_type"]!.GetValue<string>();

    public async Task CancelAsync(Guid run) =>
        await _server.PostAsync($"/flow_runs/{run}/set_state", new JsonObject { ["state"] = new JsonObject { ["type"] = "CANCELLING" } });

    public Task UntilAsync(Guid run, string state) => UntilAsync(async () => await StateAsync(run) == state, $"{run} is {state}");

    public async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        for (var i = 0; i < 600; i++)
        {
            if (await condition())
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(100), Desk.Clock, Desk.Stop);
        }

        Assert.Fail($"After a minute it is not so that {what}.");
    }

    public bool IsRunning() => File.Exists(_folder.File("running"));

    /// <summary>How often each run was started.</summary>
    public IReadOnlyDictionary<Guid, int> Starts() => Started().GroupBy(s => s.Run).ToDictionary(g => g.Key, g => g.Count());

    public string Memory(string worker) => _folder.File("memory-" + worker);

    /// <param name="client">Null for an ordinary one.</param>
    public PrefectWorker Worker(string name, PrefectClient? client = null, int limit = 3, IRunLauncher? launcher = null) => new(
        client ?? Desk.Client, launcher ?? this,
        new PrefectWorkerOptions
        {
            Pool = Name,
            Name = name,
            Folder = Memory(name),
            Limit = limit,
            PollInterval = TimeSpan.FromMilliseconds(500),
            Grace = TimeSpan.FromSeconds(1),
        },
        Desk.Clock, Desk.Ids);

    public ProcessStartInfo Command(FlowRunBody run) => new(_python, Arguments());

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, pid) in Started())
            KillIfThere(pid);
        await Desk.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>The notes that the programs leave: <c>run.pid</c>.</summary>
    private IEnumerable<(Guid Run, int Pid)> Started() => Directory.GetFiles(_folder.Path, "*-*.*")
        .Select(note => (Guid.Parse(Path.GetFileNameWithoutExtension(note)), int.Parse(Path.GetExtension(note)[1..])));

    private static void KillIfThere(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            // It has ended.
        }
    }

    private string[] Arguments() => ["-S", "-c", Engine, _folder.Path, _mode];
}
