using System.Text.Json.Nodes;
using Finks.Lake.Tests;
using Finks.Orchestration.Engine;
using Finks.Orchestration.Local;
using Finks.Orchestration.Runs;
using Microsoft.Extensions.Time.Testing;

namespace Finks.Orchestration.Tests;

/// <summary>An engine on the local backend, in a lake of its own. Several on one lake stand for several processes.</summary>
public sealed class EngineFixture : IAsyncDisposable
{
    private readonly LakeFixture _lake;
    private readonly bool _ownsLake;

    public EngineFixture(LakeFixture lake, RunProcess? process = null, bool ownsLake = true)
    {
        (_lake, _ownsLake) = (lake, ownsLake);
        Backend = new LocalBackend(lake.Lake.Database, lake.Clock, lake.Ids, new Random(1), new LocalBackendOptions(), process);
        Engine = new FlowEngine(Backend, lake.Clock, lake.Ids, Seen);
    }

    /// <summary>A process of this machine that has ended.</summary>
    public static RunProcess Dead { get; } = new(RunProcess.Current.Machine, int.MaxValue, 1);

    public FakeTimeProvider Clock => _lake.Clock;

    public LakeFixture Lake => _lake;

    public LocalBackend Backend { get; }

    public FlowEngine Engine { get; }

    public SeenRuns Seen { get; } = new();

    public RunReader Runs => new(_lake.Lake.Database);

    /// <summary>On SQLite or on PostgreSQL.</summary>
    public static EngineFixture On(string catalog, PostgresServer server) => new(catalog == "sqlite" ? new LakeFixture() : LakeFixture.On(server));

    /// <summary>Another process on the same lake.</summary>
    public EngineFixture Other(RunProcess process) => new(_lake, process, ownsLake: false);

    public async Task<FlowRun> CreateAsync(Flow flow, JsonObject? parameters = null, string? key = null, DateTimeOffset? at = null) =>
        await Backend.CreateFlowRunAsync(
            new NewFlowRun { Flow = flow.Name, Name = flow.Name, Parameters = parameters ?? [], IdempotencyKey = key, ScheduledFor = at }, TestContext.Current.CancellationToken);

    public async Task<FlowOutcome> RunAsync(Flow flow, JsonObject? parameters = null) =>
        await Engine.RunAsync(flow, await CreateAsync(flow, parameters), TestContext.Current.CancellationToken);

    /// <summary>Turns the clock on until the work has ended.</summary>
    public async Task<T> WhileTurningAsync<T>(Task<T> work)
    {
        while (!work.IsCompleted)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        return await work;
    }

    public async ValueTask DisposeAsync()
    {
        await Backend.DisposeAsync();
        if (_ownsLake)
            _lake.Dispose();
    }
}

/// <summary>What a display was shown.</summary>
public sealed class SeenRuns : IFlowObserver
{
    private readonly Lock _lock = new();
    private readonly List<string> _events = [];

    public IReadOnlyList<string> Events
    {
        get
        {
            lock (_lock)
                return [.. _events];
        }
    }

    public void FlowStarted(FlowRun run) => Add($"{run.Flow} started");

    public void TaskStarted(FlowRun run, TaskRun task) => Add($"{task.Task} {task.Key} started");

    public void TaskProgressed(FlowRun run, TaskRun task, string doing, double? fraction) => Add($"{task.Task} {task.Key}: {doing}");

    public void TaskEnded(FlowRun run, TaskRun task, object? result) => Add($"{task.Task} {task.Key} {task.State.Name}");

    public void FlowEnded(FlowRun run) => Add($"{run.Flow} {run.State.Name}");

    public void Logged(RunLogLine line)
    {
    }

    private void Add(string text)
    {
        lock (_lock)
            _events.Add(text);
    }
}

/// <summary>A flow given as a function.</summary>
public sealed class TestFlow(string name, Func<FlowContext, NoParameters, Task> body) : Flow<NoParameters>
{
    public override string Name => name;

    public override string Description => "A flow of the tests.";

    public int Again { get; init; }

    public override int Retries => Again;

    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(10);

    public override TimeSpan RetryDelay => Pause;

    public TimeSpan? Limit { get; init; }

    public override TimeSpan? Timeout => Limit;

    protected override Task RunAsync(FlowContext flow, NoParameters parameters) => body(flow, parameters);
}

public sealed record NoParameters;
