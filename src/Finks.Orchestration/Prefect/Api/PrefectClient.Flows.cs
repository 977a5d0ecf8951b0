using System.Text.Json.Nodes;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Prefect.Api;

/// <summary>Flows, their deployments and their runs.</summary>
public sealed partial class PrefectClient
{
    /// <summary>Makes the flow, or gives the one of that name.</summary>
    public Task<FlowBody> CreateFlowAsync(FlowCreate flow, CancellationToken cancellation) =>
        SendAsync<FlowBody>(HttpMethod.Post, "/flows/", flow, cancellation);

    public Task<FlowBody> ReadFlowAsync(Guid id, CancellationToken cancellation) =>
        SendAsync<FlowBody>(HttpMethod.Get, $"/flows/{id}", null, cancellation);

    public Task<DeploymentBody> ReadDeploymentAsync(Guid id, CancellationToken cancellation) =>
        SendAsync<DeploymentBody>(HttpMethod.Get, $"/deployments/{id}", null, cancellation);

    /// <summary>The deployment of a flow by its name; null when there is none.</summary>
    public Task<DeploymentBody?> FindDeploymentAsync(string flow, string name, CancellationToken cancellation) =>
        FindAsync<DeploymentBody>($"/deployments/name/{Uri.EscapeDataString(flow)}/{Uri.EscapeDataString(name)}", cancellation);

    /// <summary>Makes a run that no worker takes, or gives the one of the same idempotency key.</summary>
    public Task<FlowRunBody> CreateFlowRunAsync(FlowRunCreate run, CancellationToken cancellation) =>
        SendAsync<FlowRunBody>(HttpMethod.Post, "/flow_runs/", run, cancellation);

    /// <summary>Makes a run for the workers of the deployment's pool, or gives the one of the same idempotency key.</summary>
    public Task<FlowRunBody> CreateFlowRunAsync(Guid deployment, DeploymentFlowRunCreate run, CancellationToken cancellation) =>
        SendAsync<FlowRunBody>(HttpMethod.Post, $"/deployments/{deployment}/create_flow_run", run, cancellation);

    /// <summary>The flow run; null when there is none.</summary>
    public Task<FlowRunBody?> FindFlowRunAsync(Guid id, CancellationToken cancellation) =>
        FindAsync<FlowRunBody>($"/flow_runs/{id}", cancellation);

    /// <summary>All flow runs that the filter lets through, read page by page.</summary>
    public async Task<IReadOnlyList<FlowRunBody>> FlowRunsAsync(FlowRunFilter filter, CancellationToken cancellation)
    {
        var found = new Dictionary<Guid, FlowRunBody>();
        while (true)
        {
            var page = await SearchAsync(new FlowRunSearch(filter, "ID_DESC", _options.PageSize, found.Count), cancellation);
            // Runs that begin or end meanwhile move the pages: one may come twice, and then counts once.
            if (page.Count(run => found.TryAdd(run.Id, run)) == 0 || page.Length < _options.PageSize)
                return [.. found.Values];
        }
    }

    /// <summary>The newest run that stands for a task run of its parent; null when there is none.</summary>
    public async Task<FlowRunBody?> FindSubflowRunAsync(Guid parentTaskRun, CancellationToken cancellation)
    {
        var filter = new FlowRunFilter(ParentTaskRunId: new AnyOf<Guid>([parentTaskRun]));
        var found = await SearchAsync(new FlowRunSearch(filter, "EXPECTED_START_TIME_DESC", 1), cancellation);
        return found.FirstOrDefault();
    }

    /// <summary>Adds labels to a flow run; those of other names stay.</summary>
    public Task LabelFlowRunAsync(Guid id, JsonObject labels, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Patch, $"/flow_runs/{id}/labels", labels, cancellation);

    public Task UpdateFlowRunAsync(Guid id, FlowRunUpdate changes, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Patch, $"/flow_runs/{id}", changes, cancellation);

    /// <summary>Proposes a state. Once an answer was lost, the run's own state tells whether the proposal had been taken, so that it counts
    /// once. A run that was deleted answers with an abort.</summary>
    /// <param name="state">Its details must carry a transition id.</param>
    public async Task<StateReply> SetFlowRunStateAsync(Guid id, StateCreate state, bool force, CancellationToken cancellation) =>
        await ProposeAsync(
            $"/flow_runs/{id}/set_state", new SetState(state, force), async stop => (await FindFlowRunAsync(id, stop))?.State,
            cancellation);

    private Task<FlowRunBody[]> SearchAsync(FlowRunSearch search, CancellationToken cancellation) =>
        SendAsync<FlowRunBody[]>(HttpMethod.Post, "/flow_runs/filter", search, cancellation);

    private async Task<StateReply> ProposeAsync(
        string path, SetState body, Func<CancellationToken, Task<StateBody?>> current, CancellationToken cancellation)
    {
        StateReply? settled = null;
        try
        {
            var answer = await SendAsync(HttpMethod.Post, path, body, IsSettled, cancellation);
            return settled ?? Read<StateReply>(answer, path);
        }
        catch (PrefectException gone) when (gone.Status == 404)
        {
            return new StateReply(null, ReplyStatus.Abort, new ReplyDetails("The run was deleted from the server.", null));
        }

        async Task<byte[]?> IsSettled(CancellationToken stop)
        {
            settled = await current(stop) is { } now ? LostReply(body.State, now) : null;
            return settled is null ? null : [];
        }
    }

    /// <summary>What the server must have answered for the run to stand where it stands; null when the proposal has not arrived.</summary>
    private static StateReply? LostReply(StateCreate proposed, StateBody now)
    {
        if (proposed.StateDetails?.TransitionId is { } ours && now.TransitionId == ours)
            return new StateReply(now, ReplyStatus.Accept, null);
        // A failure that the server turned into a retry: sent again, it would end the run.
        if (proposed.Type == StateType.Failed && now is { Type: StateType.Scheduled, Name: StateNames.AwaitingRetry })
            return new StateReply(now, ReplyStatus.Reject, new ReplyDetails("Retrying", null));
        return null;
    }
}
