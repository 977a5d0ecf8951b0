using Finks.Orchestration.Runs;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Local;

/// <summary>Which states a flow run may take: the local answer to what a Prefect server decides.</summary>
internal static class FlowRules
{
    /// <param name="mayWork">Whether the process that asks may work on the run: it has its lease, or nobody does.</param>
    /// <param name="retryDelay">The pause before the run is tried again; null when it is not to be.</param>
    /// <param name="force">For the last words of a dying process.</param>
    public static StateAnswer Answer(FlowRun run, RunState proposed, bool mayWork, TimeSpan? retryDelay, bool force, DateTimeOffset now)
    {
        var current = run.State;
        if (!mayWork)
            return new StateAnswer.Aborted("Another process works on this run.");
        if (current.IsFinal)
            return new StateAnswer.Aborted($"The run has ended as {current.Name}.");
        if (current.Type == StateType.Cancelling && proposed.Type != StateType.Cancelled && !force)
            return new StateAnswer.Rejected(current, "Somebody asked for the run to be cancelled.");
        if (proposed.Type is StateType.Pending or StateType.Running && current.NotBefore is { } time && time > now)
            return new StateAnswer.Wait(time - now, "It is too early.");
        if (proposed.Type == StateType.Pending && current.Type is not StateType.Scheduled)
            return new StateAnswer.Aborted($"The run is {current.Name} and cannot be taken again.");
        if (proposed.Type == StateType.Running)
            return new StateAnswer.Accepted(proposed with { Name = run.RunCount > 0 ? StateNames.Retrying : proposed.Name });
        if (proposed is { Type: StateType.Failed, Retriable: true } && !force && retryDelay is { } delay)
            return new StateAnswer.Rejected(RunState.AwaitingRetry(now + delay, proposed.Message), "It is tried again.");
        return new StateAnswer.Accepted(proposed);
    }
}
