namespace Finks.Orchestration.Prefect.Api;

/// <summary>Task runs.</summary>
public sealed partial class PrefectClient
{
    /// <summary>Makes the task run, or gives the one of the same flow run, key and dynamic key: its id counts, not the one that was
    /// sent.</summary>
    public Task<TaskRunBody> CreateTaskRunAsync(TaskRunCreate task, CancellationToken cancellation) =>
        SendAsync<TaskRunBody>(HttpMethod.Post, "/task_runs/", task, cancellation);

    /// <summary>The task run; null when there is none.</summary>
    public Task<TaskRunBody?> FindTaskRunAsync(Guid id, CancellationToken cancellation) =>
        FindAsync<TaskRunBody>($"/task_runs/{id}", cancellation);

    /// <summary>As <see cref="SetFlowRunStateAsync"/>, for a task run.</summary>
    public async Task<StateReply> SetTaskRunStateAsync(Guid id, StateCreate state, bool force, CancellationToken cancellation) =>
        await ProposeAsync(
            $"/task_runs/{id}/set_state", new SetState(state, force), async stop => (await FindTaskRunAsync(id, stop))?.State,
            cancellation);
}
