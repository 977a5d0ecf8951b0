using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Finks.Orchestration.Prefect.Api;
using Finks.Orchestration.Prefect.Deploying;
using Microsoft.Extensions.Time.Testing;

namespace Finks.Orchestration.Tests.Prefect.Deploying;

/// <summary>
/// An environment on the real server whose names no other test has, and what tests do with it. Other tests use the server meanwhile, so
/// only objects that carry the name are looked at.
/// </summary>
internal sealed class Site : IDisposable
{
    private readonly PrefectServer _server;
    private readonly HttpClient _http;

    public Site(PrefectServer server)
    {
        _server = server;
        Name = "t" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5));
        Flows = [new SampleFlow(Name + "-load"), new SampleFlow(Name + "-check")];
        Tap = new WireTap(PrefectClient.CreateHandler());
        _http = new HttpClient(Tap);
        Client = new PrefectClient(_http, new PrefectOptions { ApiUrl = server.ApiUrl, Time = new RealClock(), Random = new Random(1) });
        Deployer = new PrefectDeployer(Client, Clock);
    }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public string Name { get; }

    public IReadOnlyList<Flow> Flows { get; }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2025, 11, 20, 12, 0, 0, TimeSpan.Zero));

    public WireTap Tap { get; }

    public PrefectClient Client { get; }

    public PrefectDeployer Deployer { get; }

    public List<string> Steps { get; } = [];

    /// <summary>One of each kind.</summary>
    public string Everything => """
        environment: NAME
        block_types:
          - { slug: NAME-connection, description: A database., fields: [{ name: host, required: true }, { name: password, secret: true }] }
        blocks:
          - { type: NAME-connection, name: NAME-db, data: { host: db, password: { env: SECRET } } }
          - { type: slack-webhook, name: NAME-alerts, data: { url: { env: SLACK } } }
        variables:
          - { name: NAME_var, value: { days: [1, 2.5], on: true } }
        limits:
          - { name: NAME-fmp, limit: 2, slot_decay_per_second: 0.5 }
        pools:
          - name: NAME-ingestion
            type: process
            concurrency_limit: 2
            working_dir: /tmp
            env: { A: "1", B: "{{ prefect.blocks.NAME-connection.NAME-db.password }}" }
            queues:
              - { name: urgent, priority: 1, concurrency_limit: 1 }
              - { name: slow, priority: 2 }
          - { name: NAME-cloud, type: ecs, job_variables: { image: finks, cluster: c, cpu: 512 } }
        deployments:
          - flow: NAME-load
            name: NAME
            pool: NAME-ingestion
            queue: urgent
            tags: [eod]
            parameters: { symbols: [AAPL, MSFT], attempts: 3 }
            job_variables: { stream_output: false }
            env: { B: other, C: "3" }
            concurrency_limit: 1
            on_collision: cancel_new
            schedules:
              - { name: after-close, exchange: XNYS, after_close: 30m, parameters: { attempts: 9 } }
              - { name: nightly, cron: "0 2 * * MON-FRI", timezone: Europe/Berlin }
              - { name: often, every: 15m, active: false }
              - { name: monthly, rrule: "FREQ=MONTHLY;BYMONTHDAY=1;BYHOUR=6;BYMINUTE=0;BYSECOND=0", timezone: America/New_York }
          - { flow: NAME-check, name: NAME, pool: NAME-cloud, parameters: { symbols: [] } }
        automations:
          - { name: NAME-failed, when: failed, do: [{ notify: { block: slack-webhook/NAME-alerts } }, { cancel: true }] }
          - { name: NAME-stuck, when: stuck, within: 9m, do: [{ crash: Missing heartbeats. }] }
          - { name: NAME-late, when: late, within: 3h, deployments: [NAME-load/NAME], do: [{ run: { deployment: NAME-check/NAME, parameters: { attempts: 2 } } }] }
        """.Replace("NAME", Name, StringComparison.Ordinal);

    public PrefectEnvironment Read(string text, string secret = "s3cret") =>
        EnvironmentReader.Read(text, "test.yaml", Flows, name => name == "SECRET" ? secret : "https://hooks.slack.test/" + secret);

    public Task<PrefectPlan> PlanAsync(string text) => Deployer.PlanAsync(Read(text), Flows, Stop);

    /// <summary>Applies, and forgets what was sent before.</summary>
    public async Task<PrefectPlan> ApplyAsync(string text, string secret = "s3cret")
    {
        Tap.Clear();
        Steps.Clear();
        return await Deployer.ApplyAsync(Read(text, secret), Flows, step => Steps.Add($"{step}"), Stop);
    }

    public async Task<PrefectPlan> DestroyAsync()
    {
        Steps.Clear();
        return await Deployer.DestroyAsync(Name, step => Steps.Add($"{step}"), Stop);
    }

    /// <summary>All that carries the environment's name, without the times at which something looked at it.</summary>
    public async Task<IReadOnlyList<string>> ObjectsAsync()
    {
        var found = new List<string>();
        foreach (var kind in new[]
        {
            "variables", "v2/concurrency_limits", "block_types", "block_documents", "block_schemas", "flows", "work_pools", "deployments",
                "automations",
        })
        {
            foreach (var row in await Client.ListAsync($"/{kind}/filter", [], Stop))
            {
                if (row.ToJsonString().Contains(Name, StringComparison.Ordinal))
                    found.Add($"{kind} {row["name"] ?? row["id"]} {row["id"]} {row["updated"]}");
            }
        }

        return [.. found.Order(StringComparer.Ordinal)];
    }

    public async Task<JsonNode> DeploymentAsync(string flow) => (await _server.GetAsync($"/deployments/name/{Name}-{flow}/{Name}"))!;

    public void Dispose() => _http.Dispose();
}

/// <summary>A flow that is only deployed.</summary>
internal sealed class SampleFlow(string name) : Flow<SampleParameters>
{
    public override string Name => name;

    public override string Description => "A sample.";

    protected override Task RunAsync(FlowContext flow, SampleParameters parameters) => Task.CompletedTask;
}

internal sealed record SampleParameters
{
    public required IReadOnlyList<string> Symbols { get; init; }

    public DateOnly? From { get; init; }

    public int Attempts { get; init; } = 5;
}
