using System.Runtime.ExceptionServices;
using System.Text.Json.Nodes;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Engine;

/// <summary>Runs a flow as a part of another: a task run of the parent stands for it, and an unfinished run of it goes on.</summary>
internal static class SubflowExecution
{
    public static async Task<Guid> RunAsync(FlowExecution parent, Flow flow, JsonObject parameters, string key, Guid[] inputs, CancellationToken cancellation)
    {
        var task = await parent.Backend.CreateTaskRunAsync(
            new NewTaskRun { FlowRun = parent.Run.Id, Task = flow.Name, Key = key, Inputs = inputs, IsSubflow = true }, cancellation);
        if (await parent.Backend.ProposeAsync(task, RunState.Running(), cancellation) is StateAnswer.Rejected { State.Type: StateType.Completed })
            return task.Id;

        var run = await FindOrCreateAsync(parent, flow, parameters, task, cancellation);
        if (run.State.Type != StateType.Completed)
        {
            var outcome = await parent.Engine.RunAsync(flow, run, () => WhyStoppedAsync(parent), cancellation);
            run = outcome.Run;
            if (run.State.Type != StateType.Completed)
            {
                await parent.Backend.ProposeAsync(task, run.State with { Retriable = false }, CancellationToken.None);
                if (outcome.Error is not null)
                    ExceptionDispatchInfo.Throw(outcome.Error);
                throw new RunStoppedException($"Subflow {flow.Name} ended as {run.State.Name}. {run.State.Message}");
            }
        }

        await parent.Backend.ProposeAsync(task, RunState.Completed(), CancellationToken.None);
        return task.Id;
    }

    /// <summary>A subflow is stopped with its parent, and says why its parent was.</summary>
    private static async Task<RunState?> WhyStoppedAsync(FlowExecution parent) => await parent.WhyStopped() switch
    {
        { Type: StateType.Failed } late => RunState.Cancelled(late.Message),
        { Type: StateType.Paused } => RunState.Cancelled("The flow run that it is a part of was suspended."),
        var state => state,
    };

    private static async Task<FlowRun> FindOrCreateAsync(FlowExecution parent, Flow flow, JsonObject parameters, TaskRun task, CancellationToken cancellation)
    {
        var known = await parent.Backend.FindSubflowRunAsync(task.Id, cancellation);
        if (known?.State.Type == StateType.Completed)
            return known;
        if (known is not null && await parent.Backend.ReopenAsync(known, cancellation) is { } reopened)
            return reopened;
        return await parent.Backend.CreateFlowRunAsync(
            new NewFlowRun { Flow = flow.Name, Name = $"{parent.Run.Name}: {flow.Name}", Parameters = parameters, ParentTaskRun = task.Id, Tags = parent.Run.Tags }, cancellation);
    }
}
