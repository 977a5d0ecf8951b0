using Finks.Lake;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Engine;

/// <summary>How a run went in this process.</summary>
/// <param name="Run">The run in the state that it was left in.</param>
/// <param name="Error">What the flow threw; null when it completed, or when this process may not work on the run.</param>
public sealed record FlowOutcome(FlowRun Run, Exception? Error);

/// <summary>This process may not go on with a run: the backend said so, and why.</summary>
public sealed class RunStoppedException(string message) : Exception(message);

/// <summary>Runs flows: proposes each state to the backend and obeys the answer.</summary>
public sealed class FlowEngine(IRunBackend backend, TimeProvider clock, IdSource ids, IFlowObserver observer)
{
    private static readonly RunState Asked = RunState.Cancelled("Somebody asked for it.");

    internal IRunBackend Backend => backend;

    internal TimeProvider Clock => clock;

    internal IdSource Ids => ids;

    internal IFlowObserver Observer => observer;

    /// <summary>What a run becomes when its process is told to end, unless something else is said.</summary>
    public static RunState ToldToEnd { get; } = RunState.Cancelled("Its process was told to end. `finks run --resume` goes on with it.");

    /// <summary>What a run becomes when its process is told to end and nobody asked for the run to be cancelled.</summary>
    public RunState Stopped { get; init; } = ToldToEnd;

    /// <summary>Works on a run until it has ended or belongs to another process. Errors of the flow are in the outcome, not thrown.</summary>
    /// <param name="stop">Cancelled when this process is to end.</param>
    public async Task<FlowOutcome> RunAsync(Flow flow, FlowRun run, CancellationToken stop)
    {
        var execution = new FlowExecution(this, run with { Retries = flow.Retries, RetryDelay = flow.RetryDelay });
        try
        {
            var outcome = await TakeAndWorkAsync(flow, execution, stop);
            observer.FlowEnded(outcome.Run);
            return outcome;
        }
        catch (Exception error)
        {
            // The backend failed, or the engine: say so as well as it can be said.
            await LastWordsAsync(execution, error);
            throw;
        }
    }

    private async Task<FlowOutcome> TakeAndWorkAsync(Flow flow, FlowExecution execution, CancellationToken stop)
    {
        if (execution.Run.State.Type == StateType.Scheduled && !await AdoptAsync(execution, RunState.Pending(), stop))
            return new FlowOutcome(execution.Run, null);
        FlowParametersException? wrong = null;
        try
        {
            execution.Run = execution.Run with { Parameters = flow.Complete(execution.Run.Parameters) };
        }
        catch (FlowParametersException error)
        {
            wrong = error;
        }

        if (wrong is not null)
        {
            await AdoptAsync(execution, RunState.Failed(wrong.Message, retriable: false), stop);
            return new FlowOutcome(execution.Run, wrong);
        }

        while (true)
        {
            if (!await AdoptAsync(execution, RunState.Running(), stop) || execution.Run.State.Type != StateType.Running)
                return new FlowOutcome(execution.Run, null);
            var error = await WorkAsync(flow, execution, stop);
            if (execution.Run.State.Type != StateType.Scheduled)
                return new FlowOutcome(execution.Run, error);
            execution.Log(null, LogLevel.Warning, $"The flow is tried again at {execution.Run.State.NotBefore:HH:mm:ss} UTC.");
        }
    }

    /// <summary>One attempt, with its last state.</summary>
    private async Task<Exception?> WorkAsync(Flow flow, FlowExecution execution, CancellationToken stop)
    {
        observer.FlowStarted(execution.Run);
        await using var pulse = new Pulse(execution, stop);
        using var time = flow.Timeout is { } limit ? new CancellationTokenSource(limit, clock) : null;
        using var all = CancellationTokenSource.CreateLinkedTokenSource(pulse.Stop, time?.Token ?? CancellationToken.None);
        var (state, error) = await BodyAsync(flow, execution, all.Token);
        var wasStopped = state.Type == StateType.Failed && all.IsCancellationRequested;
        await pulse.DisposeAsync();
        if (pulse.Last == RunSignal.Lost)
            return new RunStoppedException($"Run {execution.Run.Name} belongs to another process now, or has ended.");
        if (wasStopped)
            state = pulse.Stop.IsCancellationRequested ? await WhyStoppedAsync(execution, pulse) : RunState.TimedOut($"Flow {flow.Name} took longer than its limit of {flow.Timeout}.");
        await AdoptAsync(execution, state, CancellationToken.None);
        await backend.FlushAsync(CancellationToken.None);
        return error;
    }

    /// <summary>Asks again when this process is told to end: a request to cancel may be why.</summary>
    private async Task<RunState> WhyStoppedAsync(FlowExecution execution, Pulse pulse) =>
        pulse.Last == RunSignal.Cancel || await backend.BeatAsync(execution.Run, CancellationToken.None) == RunSignal.Cancel ? Asked : Stopped;

    private static async Task<(RunState State, Exception? Error)> BodyAsync(Flow flow, FlowExecution execution, CancellationToken cancellation)
    {
        try
        {
            await flow.RunAsync(new FlowContext(execution, cancellation), execution.Run.Parameters);
            return (RunState.Completed(execution.Conclusion), null);
        }
        catch (Exception error)
        {
            if (!cancellation.IsCancellationRequested)
                execution.Log(null, LogLevel.Error, $"Flow {flow.Name} failed: {error.Message}");
            return (RunState.Failed(error.Message), error);
        }
    }

    /// <summary>Proposes a state until the backend has decided, and takes over what it says. False when this process must leave the run alone.</summary>
    private async Task<bool> AdoptAsync(FlowExecution execution, RunState state, CancellationToken cancellation)
    {
        var transition = ids.Next();
        while (true)
        {
            switch (await backend.ProposeAsync(execution.Run, state, transition, force: false, cancellation))
            {
                case StateAnswer.Accepted accepted:
                    execution.Run = Entered(execution.Run, accepted.State);
                    return true;
                case StateAnswer.Rejected { State.Type: StateType.Cancelling } when state.Type != StateType.Cancelled:
                    (state, transition) = (Asked, ids.Next());
                    break;
                case StateAnswer.Rejected rejected:
                    execution.Run = Entered(execution.Run, rejected.State);
                    return true;
                case StateAnswer.Wait wait:
                    await Task.Delay(wait.Delay, clock, cancellation);
                    break;
                case StateAnswer.Aborted aborted:
                    // Only shown: the run is not this process's to write about.
                    observer.Logged(new RunLogLine(execution.Run.Id, null, clock.GetUtcNow(), LogLevel.Warning, aborted.Reason));
                    execution.Run = await backend.FindFlowRunAsync(execution.Run.Id, CancellationToken.None) ?? execution.Run;
                    return false;
            }
        }
    }

    private static FlowRun Entered(FlowRun run, RunState state) => run with
    {
        State = state,
        RunCount = run.RunCount + (state.Type == StateType.Running ? 1 : 0),
        StartedAt = state.Type == StateType.Running ? run.StartedAt ?? state.At : run.StartedAt,
        EndedAt = state.IsFinal ? state.At : null,
    };

    private async Task LastWordsAsync(FlowExecution execution, Exception error)
    {
        try
        {
            var state = error is OperationCanceledException ? Stopped : RunState.Crashed($"The engine could not go on: {error.Message}");
            await backend.ProposeAsync(execution.Run, state, ids.Next(), force: true, CancellationToken.None);
            await backend.FlushAsync(CancellationToken.None);
        }
        catch (Exception)
        {
            // Then the run stands as it stood, until a sweep finds that nobody works on it; the first error is the one to know.
        }
    }
}
