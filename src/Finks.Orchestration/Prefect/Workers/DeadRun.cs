using Finks.Lake;
using Finks.Orchestration.Prefect.Api;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Prefect.Workers;

/// <summary>The last word about a run whose process is gone, or goes before it could begin.</summary>
public sealed class DeadRun(PrefectClient client, IdSource ids)
{
    /// <summary>What becomes of a run that stands like this; null when it has its end, or waits for somebody else.</summary>
    public static StateType? Fate(FlowRunBody run) => run.State?.Type switch
    {
        StateType.Running or StateType.Pending => StateType.Crashed,
        StateType.Cancelling => StateType.Cancelled,
        // Only the process that has died would have tried again: no worker takes such a run.
        StateType.Scheduled when run.RetriesInProcess && run.State.Name == StateNames.AwaitingRetry => StateType.Crashed,
        _ => null,
    };

    /// <summary>Writes the run's end; forced, because the server's rules know nothing of dead processes.</summary>
    /// <param name="now">The run as it has just been read.</param>
    /// <returns>The state that was written; null when none was.</returns>
    public async Task<StateType?> BuryAsync(FlowRunBody now, string why, CancellationToken cancellation)
    {
        if (Fate(now) is not { } fate)
            return null;
        var details = new StateDetails { FlowRunId = now.Id, TransitionId = ids.Next() };
        var state = new StateCreate(fate, fate.ToString(), why, StateDetails: details);
        var reply = await client.SetFlowRunStateAsync(now.Id, state, force: true, cancellation);
        return reply.Status == ReplyStatus.Accept ? fate : null;
    }
}
