using System.Collections.Concurrent;
using Finks.Lake;
using Finks.Orchestration.Prefect.Api;
using Finks.Orchestration.Prefect.Reports;
using Finks.Orchestration.Prefect.Workers;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Prefect;

/// <summary>
/// Runs that a Prefect server keeps and rules. Its answers are passed on, and kept in Finks's own ledger, too; units
/// (<see cref="NewTaskRun.IsUnit"/>) stay there alone, because the server takes some 12 to 25 task runs a second.
/// </summary>
public sealed partial class PrefectBackend : IRunBackend
{
    /// <summary>By this label of flow runs the sweep of stale runs tells those that send heartbeats from others.</summary>
    internal const string EngineLabel = "finks.engine";

    private static readonly Dictionary<string, string> Labels = new() { [EngineLabel] = "dotnet" };

    private readonly PrefectClient _client;
    private readonly TimeProvider _time;
    private readonly IdSource _ids;
    private readonly PrefectBackendOptions _options;
    private readonly ReportQueue _reports;
    private readonly IRunLedger _ledger;
    private readonly Liveness _liveness;
    private readonly ConcurrentDictionary<Guid, OpenRun> _open = new();
    private readonly ConcurrentDictionary<Guid, string> _flows = new();
    private readonly ConcurrentDictionary<Guid, string> _deployments = new();

    /// <param name="ledger">Keeps what the server rules, and rules over the units. Disposed with this.</param>
    public PrefectBackend(PrefectClient client, IRunLedger ledger, TimeProvider time, IdSource ids, PrefectBackendOptions? options = null)
    {
        _client = client;
        _ledger = ledger;
        _time = time;
        _ids = ids;
        _options = options ?? new PrefectBackendOptions();
        _reports = new ReportQueue(client, _options, time);
        _liveness = new Liveness(client, time);
    }

    public TimeSpan BeatInterval => _options.BeatInterval;

    /// <inheritdoc/>
    /// <remarks>A run with a time, of a deployment, goes to the workers of the deployment's pool. Any other gets no work queue, so that no
    /// worker takes it from the process that asks.</remarks>
    public async Task<FlowRun> CreateFlowRunAsync(NewFlowRun run, CancellationToken cancellation)
    {
        // A key of its own makes the call safe to repeat when its answer is lost.
        var key = run.IdempotencyKey ?? _ids.Next().ToString();
        var details = new StateDetails { ScheduledTime = run.ScheduledFor ?? _time.GetUtcNow() };
        var state = new StateCreate(StateType.Scheduled, StateDetails: details);
        var deployment = run.Deployment is null ? null : await DeploymentAsync(run.Flow, run.Deployment, cancellation);
        var made = deployment is not null && run.ScheduledFor is not null
            ? await _client.CreateFlowRunAsync(deployment.Id, ForWorkers(run, state, key), cancellation)
            : await _client.CreateFlowRunAsync(await ForThisAsync(run, deployment?.Id, state, key, cancellation), cancellation);
        return await TranslatedAsync(made, cancellation);
    }

    public async Task<FlowRun?> FindFlowRunAsync(Guid id, CancellationToken cancellation) =>
        await _client.FindFlowRunAsync(id, cancellation) is { } found
            ? await TranslatedAsync(found, cancellation)
            : null;

    public async Task<FlowRun?> FindSubflowRunAsync(Guid parentTaskRun, CancellationToken cancellation) =>
        await _client.FindSubflowRunAsync(parentTaskRun, cancellation) is { } found
            ? await TranslatedAsync(found, cancellation)
            : null;

    public void Log(RunLogLine line)
    {
        _ledger.Log(line);
        if (line.TaskRun is not { } task || !IsUnit(line.FlowRun, task))
            _reports.Add(line);
    }

    public void Put(Guid flowRun, Guid? taskRun, Artifact artifact)
    {
        _ledger.Put(flowRun, taskRun, artifact);
        if (taskRun is not { } task || !IsUnit(flowRun, task))
            _reports.Put(flowRun, taskRun, artifact);
    }

    /// <summary>Sends what waits. When the server does not take it within the client's tries this ends all the same, with a warning: what
    /// waits is sent later, and finished work is not failed for want of its log.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        await _reports.FlushAsync(cancellation);
        await _ledger.FlushAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _reports.DisposeAsync();
        await _ledger.DisposeAsync();
    }

    private OpenRun Open(Guid run) => _open.GetOrAdd(run, id => new OpenRun(id));

    private bool IsUnit(Guid flowRun, Guid task) => _open.TryGetValue(flowRun, out var open) && !open.Tasks.ContainsKey(task);

    private static DeploymentFlowRunCreate ForWorkers(NewFlowRun run, StateCreate state, string key) => new()
    {
        Name = run.Name,
        Parameters = run.Parameters.DeepClone().AsObject(),
        Tags = run.Tags,
        Labels = Labels,
        ParentTaskRunId = run.ParentTaskRun,
        IdempotencyKey = key,
        State = state,
    };

    private async Task<FlowRunCreate> ForThisAsync(
        NewFlowRun run, Guid? deployment, StateCreate state, string key, CancellationToken cancellation)
    {
        var flow = await _client.CreateFlowAsync(new FlowCreate(run.Flow, Labels), cancellation);
        _flows[flow.Id] = flow.Name;
        return new FlowRunCreate
        {
            FlowId = flow.Id,
            DeploymentId = deployment,
            Name = run.Name,
            Parameters = run.Parameters.DeepClone().AsObject(),
            Tags = run.Tags,
            Labels = Labels,
            ParentTaskRunId = run.ParentTaskRun,
            IdempotencyKey = key,
            State = state,
        };
    }

    private async Task<DeploymentBody> DeploymentAsync(string flow, string name, CancellationToken cancellation) =>
        await _client.FindDeploymentAsync(flow, name, cancellation)
        ?? throw new InvalidOperationException(
            $"The server at {_client.ApiUrl} has no deployment {flow}/{name}: deploy the flow first, or start the run without one.");

    private async Task<FlowRun> TranslatedAsync(FlowRunBody run, CancellationToken cancellation)
    {
        if (!_flows.TryGetValue(run.FlowId, out var flow))
            _flows[run.FlowId] = flow = (await _client.ReadFlowAsync(run.FlowId, cancellation)).Name;
        string? deployment = null;
        if (run.DeploymentId is { } id && !_deployments.TryGetValue(id, out deployment))
            _deployments[id] = deployment = (await _client.ReadDeploymentAsync(id, cancellation)).Name;
        return Translation.FromServer(run, flow, deployment);
    }
}
