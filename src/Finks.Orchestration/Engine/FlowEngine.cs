using Finks.Lake;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Engine;

/// <summary>How a run went in this process.</summary>
/// <param name="Run">The run in the state that it was left in.</param>
/// <param name="Error">What the flow threw; null when it completed, or when this process may not work on the run.</param>
public sealed record FlowOutcome(FlowRun Run, Exception? Error)
{
    /// <summary>Whether the run's state is another's doing: this process did not begin it, or lost it on the way.</summary>
    public bool IsOthers { get; init; }
}

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
    public Task<FlowOutcome> RunAsync(Flow flow, FlowRun run, CancellationToken stop) => RunAsync(flow, run, () => Task.FromResult<RunState?>(Stopped), stop);

    /// <param name="whyStopped">What the run becomes when it is stopped and nobody asked for it to be cancelled; null when it is not this process's to say.</param>
    internal async Task<FlowOutcome> RunAsync(Flow flow, FlowRun run, Func<Task<RunState?>> whyStopped, CancellationToken stop)
    {
        var execution = new FlowExecution(this, run with { Retries = flow.Retries, RetryDelay = flow.RetryDelay }) { WhyStopped = whyStopped };
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
            return NotOurs(execution);
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

        var whyEnded = execution.WhyStopped;
        while (true)
        {
            // It beats while it waits for its time, too: nobody else may take the run for abandoned, and a cancel is heard.
            await using var pulse = new Pulse(execution, stop);
            execution.WhyStopped = () => WhyStoppedAsync(execution, pulse, whyEnded);
            if (await BeginAsync(execution, pulse) is { } ended)
                return ended;
            var outcome = await WorkAsync(flow, execution, pulse);
            if (outcome.Run.State.Type != StateType.Scheduled)
                return outcome;
            execution.Log(null, LogLevel.Warning, $"The flow is tried again at {execution.Run.State.NotBefore:HH:mm:ss} UTC.");
        }
    }

    /// <summary>Waits for the run's time and enters Running; an outcome when there is nothing to do.</summary>
    private async Task<FlowOutcome?> BeginAsync(FlowExecution execution, Pulse pulse)
    {
        try
        {
            return await AdoptAsync(execution, RunState.Running(), pulse.Stop) && execution.Run.State.Type == StateType.Running
                ? null
                : NotOurs(execution);
        }
        catch (OperationCanceledException stopped) when (pulse.Stop.IsCancellationRequested)
        {
            await pulse.DisposeAsync();
            await EndStoppedAsync(execution);
            return new FlowOutcome(execution.Run, stopped);
        }
    }

    /// <summary>One attempt, with its last state.</summary>
    private async Task<FlowOutcome> WorkAsync(Flow flow, FlowExecution execution, Pulse pulse)
    {
        observer.FlowStarted(execution.Run);
        using var time = flow.Timeout is { } limit ? new CancellationTokenSource(limit, clock) : null;
        using var all = CancellationTokenSource.CreateLinkedTokenSource(pulse.Stop, time?.Token ?? CancellationToken.None);
        var whyStopped = execution.WhyStopped;
        var late = RunState.TimedOut($"Flow {flow.Name} took longer than its limit of {flow.Timeout}.");
        execution.WhyStopped = () => pulse.Stop.IsCancellationRequested ? whyStopped() : Task.FromResult<RunState?>(late);
        var (state, error) = await BodyAsync(flow, execution, all.Token);
        var wasStopped = state.Type == StateType.Failed && all.IsCancellationRequested;
        await pulse.DisposeAsync();
        var isOthers = pulse.Last == RunSignal.Lost || (wasStopped && pulse.Last == RunSignal.Suspend);
        if (wasStopped || isOthers)
            await EndStoppedAsync(execution);
        else
            await AdoptAsync(execution, state, CancellationToken.None);
        await backend.FlushAsync(CancellationToken.None);
        if (isOthers)
            error = new RunStoppedException($"Run {execution.Run.Name} is {execution.Run.State.Name}, and not this process's to go on with.");
        return new FlowOutcome(execution.Run, error) { IsOthers = isOthers };
    }

    private static FlowOutcome NotOurs(FlowExecution execution) => new(execution.Run, null) { IsOthers = true };

    private async Task EndStoppedAsync(FlowExecution execution)
    {
        if (await execution.WhyStopped() is { Type: not StateType.Paused } state)
            await AdoptAsync(execution, state, CancellationToken.None);
        else
            execution.Run = await backend.FindFlowRunAsync(execution.Run.Id, CancellationToken.None) ?? execution.Run;
    }

    /// <summary>Asks again when this process is told to end: a request to cancel may be why.</summary>
    private async Task<RunState?> WhyStoppedAsync(FlowExecution execution, Pulse pulse, Func<Task<RunState?>> otherwise)
    {
        var signal = pulse.Last == RunSignal.Continue ? await backend.BeatAsync(execution.Run, CancellationToken.None) : pulse.Last;
        return signal switch
        {
            RunSignal.Lost => null,
            RunSignal.Suspend => RunState.Suspended(),
            RunSignal.Cancel => Asked,
            _ => await otherwise(),
        };
    }

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
