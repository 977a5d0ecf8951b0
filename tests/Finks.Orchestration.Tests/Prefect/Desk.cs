using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Finks.Lake;
using Finks.Orchestration.Prefect;
using Finks.Orchestration.Prefect.Api;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;

[assembly: AssemblyFixture(typeof(PrefectServer))]

namespace Finks.Orchestration.Tests.Prefect;

/// <summary>A backend on the real server, as one process has it, and what tests do with it again and again.</summary>
internal sealed class Desk : IAsyncDisposable
{
    private readonly HttpClient _http = new(PrefectClient.CreateHandler());

    public Desk(PrefectServer server, PrefectBackendOptions? options = null, Func<IdSource, IRunLedger>? ledger = null)
    {
        Client = new PrefectClient(_http, new PrefectOptions { ApiUrl = server.ApiUrl, Time = Clock, Random = new Random(1) });
        Ledger = new MemoryLedger(Clock);
        Backend = new PrefectBackend(Client, ledger?.Invoke(Ids) ?? Ledger, Clock, Ids, (options ?? new PrefectBackendOptions()) with { Warn = Warnings.Enqueue });
    }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public RealClock Clock { get; } = new();

    public IdSource Ids { get; } = new UnlikeAnyOther();

    public PrefectClient Client { get; }

    public MemoryLedger Ledger { get; }

    public PrefectBackend Backend { get; }

    public ConcurrentQueue<string> Warnings { get; } = new();

    public Task<FlowRun> CreateAsync(string flow = "daily", Guid? parent = null) => Backend.CreateFlowRunAsync(
        new NewFlowRun { Flow = flow, Name = "a run", Parameters = new JsonObject { ["day"] = "2026-08-21" }, Tags = ["finks"], ParentTaskRun = parent }, Stop);

    public async Task<FlowRun> BegunAsync(string flow = "daily", Guid? parent = null)
    {
        var run = await CreateAsync(flow, parent);
        Accepted(await ProposeAsync(run, RunState.Pending()), StateType.Pending);
        Accepted(await ProposeAsync(run, RunState.Running()), StateType.Running);
        return run;
    }

    public Task<TaskRun> TaskAsync(FlowRun run, string key, TaskPolicy? policy = null) =>
        Backend.CreateTaskRunAsync(new NewTaskRun { FlowRun = run.Id, Task = "Extract", Key = key, Policy = policy ?? TaskPolicy.Once }, Stop);

    public Task<StateAnswer> ProposeAsync(FlowRun run, RunState state, bool force = false) =>
        Backend.ProposeAsync(run, state, Ids.Next(), force, Stop);

    public Task<StateAnswer> ProposeAsync(TaskRun task, RunState state) => Backend.ProposeAsync(task, state, Stop);

    public async Task CompleteAsync(TaskRun task, string? result)
    {
        Accepted(await ProposeAsync(task, RunState.Running()), StateType.Running);
        Accepted(await ProposeAsync(task, RunState.Completed(result: result)), StateType.Completed);
    }

    public static RunState Accepted(StateAnswer answer, StateType type)
    {
        var state = Assert.IsType<StateAnswer.Accepted>(answer).State;
        Assert.Equal(type, state.Type);
        return state;
    }

    public static RunState Rejected(StateAnswer answer, StateType type)
    {
        var state = Assert.IsType<StateAnswer.Rejected>(answer).State;
        Assert.Equal(type, state.Type);
        return state;
    }

    public async ValueTask DisposeAsync()
    {
        await Backend.DisposeAsync();
        _http.Dispose();
    }

    /// <summary>Tests share a server: their identifiers must not meet.</summary>
    private sealed class UnlikeAnyOther : IdSource
    {
        public override Guid Next() => new(RandomNumberGenerator.GetBytes(16));
    }
}
