using System.Runtime.ExceptionServices;
using System.Text.Json.Nodes;
using Finks.Orchestration;
using Finks.Orchestration.Engine;
using Finks.Orchestration.Notifications;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;
using Finks.Pipelines.Stages;

namespace Finks.Pipelines.Flows;

/// <summary>How a run ended.</summary>
/// <param name="Incomplete">Whether any stage left something for the next run.</param>
public sealed record FlowSummary(FlowRun Run, bool Incomplete);

/// <summary>Runs flows in this process, on the local backend of a workspace.</summary>
/// <param name="notices">Tells people how runs ended; null for nobody to be told.</param>
public sealed class FlowRunner(Workspace workspace, IFlowObserver observer, RunNotices? notices = null)
{
    /// <inheritdoc cref="FlowEngine.Stopped"/>
    public RunState Stopped { get; init; } = FlowEngine.ToldToEnd;

    /// <summary>Makes a run and works on it to its end.</summary>
    /// <exception cref="Exception">What the flow threw.</exception>
    public Task<FlowSummary> RunAsync<TParameters>(Flow<TParameters> flow, TParameters parameters, CancellationToken cancellation)
        where TParameters : class =>
        RunAsync(flow, Flow<TParameters>.Write(parameters), cancellation);

    /// <inheritdoc cref="RunAsync{TParameters}(Flow{TParameters}, TParameters, CancellationToken)"/>
    public async Task<FlowSummary> RunAsync(Flow flow, JsonObject parameters, CancellationToken cancellation)
    {
        var name = $"{flow.Name} {workspace.Clock.GetUtcNow():yyyy-MM-dd HH:mm}";
        return await WorkAsync(flow, await workspace.Backend.CreateFlowRunAsync(new NewFlowRun { Flow = flow.Name, Name = name, Parameters = parameters }, cancellation), cancellation);
    }

    /// <summary>Works on a run that is there.</summary>
    /// <exception cref="Exception">What the flow threw.</exception>
    public async Task<FlowSummary> WorkAsync(Flow flow, FlowRun run, CancellationToken cancellation)
    {
        var outcome = await WorkAndTellAsync(flow, run, cancellation);
        if (outcome.Error is not null)
            ExceptionDispatchInfo.Throw(outcome.Error);
        return new FlowSummary(outcome.Run, StageResults.Of(workspace.Runs.Tree(outcome.Run.Id)!).Any(s => s.Outcome.State == StageState.Incomplete));
    }

    private async Task<FlowOutcome> WorkAndTellAsync(Flow flow, FlowRun run, CancellationToken cancellation)
    {
        var engine = new FlowEngine(workspace.Backend, workspace.Clock, workspace.Lake.Ids, observer) { Stopped = Stopped };
        try
        {
            var outcome = await engine.RunAsync(flow, run, cancellation);
            // Who ends a process knows that its run has not ended well.
            var wasInterrupted = cancellation.IsCancellationRequested && outcome.Run.State.Type is StateType.Cancelled or StateType.Crashed;
            if (notices is not null && !outcome.IsOthers && !wasInterrupted)
                await notices.TellAsync(outcome.Run);
            return outcome;
        }
        catch (Exception error) when (notices is not null && error is not OperationCanceledException)
        {
            await notices.TellAsync(run, NotificationOutcome.Crashed, error.Message);
            throw;
        }
    }
}
