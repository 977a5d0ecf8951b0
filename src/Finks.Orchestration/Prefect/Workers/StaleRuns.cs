using Finks.Lake;
using Finks.Orchestration.Prefect.Api;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Prefect.Workers;

/// <summary>A run that was found without anybody working on it, and what was done.</summary>
/// <param name="Was">The state that it stood in.</param>
/// <param name="Became">Crashed, or Cancelled for a run that had been asked to stop.</param>
/// <param name="Reason">Why nobody works on it any more, as a sentence.</param>
public sealed record StaleRun(Guid Id, string Name, StateType Was, StateType Became, string Reason);

/// <summary>
/// Ends runs that nobody works on any more. The server itself waits for ever: a worker that is stopped kills what it started, a process
/// that is killed says nothing, and Prefect's own workers do not take up what others have left.
/// </summary>
public sealed class StaleRuns(PrefectClient client, TimeProvider time, IdSource ids)
{
    private static readonly StateFilter[] Unfinished =
    [
        new(new AnyOf<StateType>([StateType.Running, StateType.Cancelling, StateType.Pending])),
        new(Name: new AnyOf<string>([StateNames.AwaitingRetry])),
    ];

    private readonly Liveness _liveness = new(client, time);
    private readonly DeadRun _dead = new(client, ids);

    /// <summary>Looks at all unfinished runs of the server. A run is ended when its process was on this host and is gone, or when it is one
    /// of Finks's and neither changed nor sent a heartbeat for the time given.</summary>
    /// <param name="silence">Several heartbeats; longer than any pause between a worker's claim and the begin of a run.</param>
    public Task<IReadOnlyList<StaleRun>> SweepAsync(TimeSpan silence, CancellationToken cancellation) =>
        SweepAsync(new FlowRunFilter(), silence, cancellation);

    /// <summary>The same for some runs alone.</summary>
    public Task<IReadOnlyList<StaleRun>> SweepAsync(IReadOnlyList<Guid> runs, TimeSpan silence, CancellationToken cancellation) =>
        SweepAsync(new FlowRunFilter(Id: new AnyOf<Guid>(runs)), silence, cancellation);

    private async Task<IReadOnlyList<StaleRun>> SweepAsync(FlowRunFilter filter, TimeSpan silence, CancellationToken cancellation)
    {
        var ended = new List<StaleRun>();
        var unfinished = new List<FlowRunBody>();
        foreach (var states in Unfinished)
            unfinished.AddRange(await client.FlowRunsAsync(filter with { State = states }, cancellation));
        foreach (var run in unfinished.Where(run => DeadRun.Fate(run) is not null))
        {
            if (await _liveness.WhyDeadAsync(run, silence, cancellation) is not { } why)
                continue;
            // It may have ended while the others were looked at, and what is forced would overwrite its end.
            var now = await client.FindFlowRunAsync(run.Id, cancellation);
            if (now?.State?.Id == run.State?.Id && await _dead.BuryAsync(now!, why, cancellation) is { } became)
                ended.Add(new StaleRun(run.Id, run.Name, run.State!.Type, became, why));
        }

        return ended;
    }
}
