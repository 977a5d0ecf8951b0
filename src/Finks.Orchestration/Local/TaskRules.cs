using Finks.Orchestration.Runs;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Local;

/// <summary>Which states a task run may take: the local answer to what a Prefect server decides.</summary>
internal static class TaskRules
{
    /// <param name="attempts">How often the task has begun since the flow did.</param>
    /// <param name="cached">A result that is good for it already; null for none.</param>
    /// <param name="jitter">From 0 to 1.</param>
    public static StateAnswer Answer(TaskRun task, RunState proposed, int attempts, RunState? cached, double jitter, DateTimeOffset now)
    {
        var current = task.State;
        if (current.Type == StateType.Completed)
            return new StateAnswer.Rejected(current, "The task has completed already.");
        if (proposed.Type == StateType.Running)
        {
            if (current.Type == StateType.Scheduled && current.NotBefore is { } time && time > now)
                return new StateAnswer.Wait(time - now, "It is too early.");
            if (cached is not null)
                return new StateAnswer.Rejected(cached, "There is a result already.");
            var name = attempts > 0 ? StateNames.Retrying : task.RunCount > 0 ? StateNames.Rerunning : proposed.Name;
            return new StateAnswer.Accepted(proposed with { Name = name });
        }

        if (proposed is { Type: StateType.Failed, Retriable: true } && attempts <= task.Policy.Retries)
            return new StateAnswer.Rejected(RunState.AwaitingRetry(now + Delay(task.Policy, attempts, jitter), proposed.Message), "It is tried again.");
        return new StateAnswer.Accepted(proposed);
    }

    /// <summary>The pause before the next attempt.</summary>
    internal static TimeSpan Delay(TaskPolicy policy, int attempts, double jitter)
    {
        if (policy.RetryDelays.Count == 0)
            return TimeSpan.Zero;
        var delay = policy.RetryDelays[Math.Min(attempts, policy.RetryDelays.Count) - 1];
        return delay + (delay * (policy.RetryJitter * jitter));
    }
}
