using System.Text.Json.Nodes;
using Finks.Orchestration.Prefect.Api;
using Finks.Orchestration.Prefect.Workers;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Prefect;

/// <summary>States of flow runs.</summary>
public sealed partial class PrefectBackend
{
    /// <inheritdoc/>
    public async Task<StateAnswer> ProposeAsync(FlowRun run, RunState state, Guid transition, bool force, CancellationToken cancellation)
    {
        var answer = await AnswerAsync(Open(run.Id), run, state, transition, force, cancellation);
        var now = (answer as StateAnswer.Accepted)?.State ?? (answer as StateAnswer.Rejected)?.State;
        if (now is not null)
            await _ledger.KeepAsync(InState(run, now), cancellation);
        // One that was refused stays: what this process proposed for it tells others' states from its own.
        if (now is { IsFinal: true })
            _open.TryRemove(run.Id, out _);
        return answer;
    }

    private static FlowRun InState(FlowRun run, RunState now) => run with
    {
        State = now,
        RunCount = run.RunCount + (now.Type == StateType.Running ? 1 : 0),
        StartedAt = run.StartedAt ?? (now.Type == StateType.Running ? now.At : null),
        EndedAt = now.IsFinal ? now.At : null,
    };

    /// <inheritdoc/>
    /// <remarks>The run becomes Pending, not Scheduled: this process has it, and no worker may take it.</remarks>
    public async Task<FlowRun?> ReopenAsync(FlowRun run, CancellationToken cancellation)
    {
        if (await _client.FindFlowRunAsync(run.Id, cancellation) is not { State: { } now } found || now.Type == StateType.Completed)
            return null;
        if (now.Type == StateType.Scheduled && !found.RetriesInProcess)
            return await TranslatedAsync(found, cancellation);
        // A subflow runs in the process of its parent: whoever has the parent has it.
        var isFree = run.ParentTaskRun is not null || now.Type is StateType.Failed or StateType.Crashed or StateType.Cancelled
            || await _liveness.WhyDeadAsync(found, _options.Silence, cancellation) is not null;
        if (!isFree)
            return null;
        // Forced where the server's rules, which know nothing of dead processes, forbid to begin again.
        var force = now.Type is not (StateType.Failed or StateType.Crashed);
        var pending = RunState.Pending() with { Message = "It is to go on from its finished tasks." };
        var answer = await SetStateAsync(Open(run.Id), pending, _ids.Next(), force, cancellation);
        return answer is StateAnswer.Accepted ? await FindFlowRunAsync(run.Id, cancellation) : null;
    }

    private async Task<StateAnswer> AnswerAsync(
        OpenRun open, FlowRun run, RunState state, Guid transition, bool force, CancellationToken cancellation)
    {
        if ((force || state.IsFinal) && await EndedAlreadyAsync(open, transition, cancellation) is { } already)
            return already;
        if (state.Type == StateType.Running)
        {
            // The server would let a run that has ended, or that it has put off, begin all the same.
            if (run.State.IsFinal)
                return new StateAnswer.Rejected(run.State, "The run has ended. It must be reopened before it can go on.");
            await PrepareAsync(run, cancellation);
        }

        var answer = await SetStateAsync(open, state, transition, force, cancellation);
        // No slot of the deployment's limit was free. The server has named a time; one that goes on without Pending would get past the
        // limit.
        return state.Type == StateType.Pending
            && answer is StateAnswer.Rejected { State: { Type: StateType.Scheduled, NotBefore: { } time }, Reason: var full }
            ? new StateAnswer.Wait(time > _time.GetUtcNow() ? time - _time.GetUtcNow() : TimeSpan.Zero, full)
            : answer;
    }

    /// <summary>
    /// Writes what the server must know of a run before it begins: how often it may be tried again, and which process works on it now, so
    /// that it can be found dead. What is not in the form <c>host:pid</c> belongs to a worker of another kind, which finds its container by
    /// it.
    /// </summary>
    private async Task PrepareAsync(FlowRun run, CancellationToken cancellation)
    {
        if (await _client.FindFlowRunAsync(run.Id, cancellation) is not { } found)
            return;
        var isOurs = found.InfrastructurePid is null || HostProcess.Parse(found.InfrastructurePid) is not null;
        var pid = isOurs ? HostProcess.Current.ToString() : null;
        JsonObject? policy = null;
        if (run.Retries > 0)
        {
            // The server replaces the whole policy, in which it keeps marks of its own.
            policy = found.EmpiricalPolicy?.DeepClone().AsObject() ?? [];
            policy["retries"] = run.Retries;
            policy["retry_delay"] = (int)Math.Ceiling(run.RetryDelay.TotalSeconds);
        }

        if (policy is not null || (pid is not null && pid != found.InfrastructurePid))
            await _client.UpdateFlowRunAsync(run.Id, new FlowRunUpdate(EmpiricalPolicy: policy, InfrastructurePid: pid), cancellation);
        // Runs that a schedule or a person has made do not say yet that they send heartbeats.
        if (found.Labels?[EngineLabel] is null)
            await _client.LabelFlowRunAsync(run.Id, new JsonObject { [EngineLabel] = Labels[EngineLabel] }, cancellation);
    }

    /// <summary>
    /// What forbids this process to end the run; null when nothing does. The server itself would let any final state be overwritten by
    /// another, and a forced one by anything.
    /// </summary>
    private async Task<StateAnswer?> EndedAlreadyAsync(OpenRun open, Guid transition, CancellationToken cancellation)
    {
        if (await _client.FindFlowRunAsync(open.Id, cancellation) is not { } found)
            return new StateAnswer.Aborted("The flow run was deleted from the server.");
        if (found.State is not { } now)
            return null;
        var state = Translation.FromServer(now);
        if (now.TransitionId == transition)
            return new StateAnswer.Accepted(state);
        if (state.IsFinal)
            return new StateAnswer.Rejected(state, "The run has ended already.");
        return open.IsTakenOver(now) ? new StateAnswer.Aborted("The run was given to another process.") : null;
    }

    private async Task<StateAnswer> SetStateAsync(OpenRun open, RunState state, Guid transition, bool force, CancellationToken cancellation)
    {
        var details = new StateDetails { FlowRunId = open.Id, TransitionId = transition };
        var proposal = Translation.ToServer(state, details);
        var reply = await open.ProposeAsync(transition, () => _client.SetFlowRunStateAsync(open.Id, proposal, force, cancellation));
        return Translation.FromServer(reply, transition);
    }
}
