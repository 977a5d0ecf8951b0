using Finks.Orchestration.Prefect.Api;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Prefect;

/// <summary>Task runs.</summary>
public sealed partial class PrefectBackend
{
    /// <inheritdoc/>
    public async Task<TaskRun> CreateTaskRunAsync(NewTaskRun task, CancellationToken cancellation)
    {
        if (task.IsUnit)
            return await _ledger.CreateTaskRunAsync(task, cancellation);

        var open = Open(task.FlowRun);
        var body = await _client.CreateTaskRunAsync(
            new TaskRunCreate
            {
                Id = _ids.Next(),
                Name = $"{task.Task}-{task.Key}",
                FlowRunId = task.FlowRun,
                TaskKey = task.Task,
                DynamicKey = task.Key,
                Tags = task.Tags,
                EmpiricalPolicy = Policy(task.Policy),
                // The server's graph has no units to draw edges from.
                TaskInputs = new Dictionary<string, IReadOnlyList<TaskRunInput>>
                {
                    ["inputs"] = [.. task.Inputs.Where(open.Tasks.ContainsKey).Select(input => new TaskRunInput(input))],
                },
                State = new StateCreate(StateType.Pending, nameof(StateType.Pending)),
            },
            cancellation);
        open.Tasks.TryAdd(body.Id, task.IsSubflow);
        var made = Translation.FromServer(body, task);
        _ledger.Keep(made);
        return made;
    }

    /// <inheritdoc/>
    public async Task<StateAnswer> ProposeAsync(TaskRun task, RunState state, CancellationToken cancellation)
    {
        var open = Open(task.FlowRun);
        if (!open.Tasks.TryGetValue(task.Id, out var isSubflow))
            return await _ledger.ProposeAsync(task, state, cancellation);
        var answer = isSubflow ? await AnswerForSubflowAsync(task, state, cancellation) : await AnswerForTaskAsync(task, state, cancellation);
        if (((answer as StateAnswer.Accepted)?.State ?? (answer as StateAnswer.Rejected)?.State) is { } now)
            _ledger.Keep(InState(task, now));
        return answer;
    }

    private async Task<StateAnswer> AnswerForTaskAsync(TaskRun task, RunState state, CancellationToken cancellation)
    {
        var transition = _ids.Next();
        var proposal = Proposal(task, state, transition);
        var reply = await _client.SetTaskRunStateAsync(task.Id, proposal, force: false, cancellation);
        var answer = Translation.FromServer(reply, transition);
        return answer switch
        {
            StateAnswer.Rejected { State.Type: StateType.Paused, Reason: var reason } => new StateAnswer.Wait(BeatInterval, reason),
            StateAnswer.Aborted aborted when state.Type == StateType.Running =>
                await WhenCancelledAsync(task, cancellation) ?? aborted,
            _ => answer,
        };
    }

    private static TaskRun InState(TaskRun task, RunState now) => task with
    {
        State = now,
        RunCount = task.RunCount + (now.Type == StateType.Running ? 1 : 0),
        StartedAt = task.StartedAt ?? (now.Type == StateType.Running ? now.At : null),
        EndedAt = now.IsFinal ? now.At : null,
    };

    /// <summary>The server copies each state of a subflow to the task run that stands for it: nothing is written here.</summary>
    private async Task<StateAnswer> AnswerForSubflowAsync(TaskRun task, RunState state, CancellationToken cancellation)
    {
        var stored = state.Type == StateType.Running ? await _client.FindTaskRunAsync(task.Id, cancellation) : null;
        return stored?.State is { Type: StateType.Completed } done
            ? new StateAnswer.Rejected(Translation.FromServer(done), "The subflow is already completed.")
            : new StateAnswer.Accepted(state with { At = _time.GetUtcNow() });
    }

    /// <summary>
    /// The server aborts each task that begins in a flow run which is not Running, and would then wait for its end in vain: a run that is
    /// being cancelled still owes its last word. Null when it is not that.
    /// </summary>
    private async Task<StateAnswer?> WhenCancelledAsync(TaskRun task, CancellationToken cancellation)
    {
        var run = await _client.FindFlowRunAsync(task.FlowRun, cancellation);
        if (run?.State?.Type != StateType.Cancelling)
            return null;
        const string reason = "The flow run is being cancelled.";
        var transition = _ids.Next();
        var proposal = Proposal(task, RunState.Cancelled(reason), transition);
        var reply = await _client.SetTaskRunStateAsync(task.Id, proposal, force: false, cancellation);
        return Translation.FromServer(reply, transition) is StateAnswer.Accepted { State: var cancelled }
            ? new StateAnswer.Rejected(cancelled, reason)
            : null;
    }

    private StateCreate Proposal(TaskRun task, RunState state, Guid transition)
    {
        var caches = task.Policy.CacheKey is not null && state.Type is StateType.Running or StateType.Completed;
        var details = new StateDetails
        {
            FlowRunId = task.FlowRun,
            TransitionId = transition,
            CacheKey = caches ? task.Policy.CacheKey : null,
            CacheExpiration = caches && state.Type == StateType.Completed ? _time.GetUtcNow() + task.Policy.CacheLifetime : null,
        };
        var proposal = Translation.ToServer(state, details);
        return state.Type == StateType.Completed ? proposal with { Data = Translation.ResultData(state.Result) } : proposal;
    }

    private static TaskRunPolicy Policy(TaskPolicy policy) => new(
        policy.Retries,
        policy.RetryDelays.Count == 0 ? null : [.. policy.RetryDelays.Select(delay => delay.TotalSeconds)],
        policy.RetryJitter == 0 ? null : policy.RetryJitter);
}
