using Finks.Orchestration.Prefect.Api;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Prefect;

/// <summary>Signs of life, and slots.</summary>
public sealed partial class PrefectBackend
{
    internal const string HeartbeatEvent = "prefect.flow-run.heartbeat";

    /// <summary>1 while the server is away, so that it is told once.</summary>
    private int _away;

    /// <inheritdoc/>
    /// <remarks>While the server is away the answer is to go on: hours of work are not thrown away because it restarts.</remarks>
    public async Task<RunSignal> BeatAsync(FlowRun run, CancellationToken cancellation)
    {
        var open = Open(run.Id);
        try
        {
            var (seen, signal) = await open.LookAsync(() => _client.FindFlowRunAsync(run.Id, cancellation));
            Interlocked.Exchange(ref _away, 0);
            if (seen is not null && IsPausedTooLong(seen.State))
                await SetStateAsync(open, RunState.Running(), _ids.Next(), force: false, cancellation);
            else if (seen is not null && signal == RunSignal.Continue)
                await TellAliveAsync(open, seen, cancellation);
            // A cancel may be asked for in the ledger, too, by `finks runs cancel`.
            var ledgers = await _ledger.BeatAsync(run, cancellation);
            return signal == RunSignal.Continue && ledgers == RunSignal.Cancel ? RunSignal.Cancel : signal;
        }
        catch (PrefectException away) when (away.IsTransient)
        {
            if (Interlocked.Exchange(ref _away, 1) == 0)
                _options.Warn($"{run.Name} goes on without its server, and cannot be cancelled until it is back. {away.Message}");
            return RunSignal.Continue;
        }
    }

    /// <inheritdoc/>
    public async Task<IAsyncDisposable?> TryAcquireAsync(IReadOnlyList<string> limits, Guid holder, CancellationToken cancellation)
    {
        var lease = new SlotLease(_client, limits, HolderOf(holder), _options, _time);
        return await lease.TryTakeAsync(cancellation) ? lease : null;
    }

    /// <summary>Null for a unit, which the server does not know.</summary>
    private LeaseHolder? HolderOf(Guid holder) =>
        _open.ContainsKey(holder) ? new LeaseHolder("flow_run", holder)
        : _open.Values.Any(run => run.Tasks.ContainsKey(holder)) ? new LeaseHolder("task_run", holder)
        : null;

    /// <summary>The server fails a run that was not resumed in time, but only when somebody asks it to go on. By then its clock says so, too.</summary>
    private bool IsPausedTooLong(StateBody? now) =>
        now is { Type: StateType.Paused, StateDetails: { PauseTimeout: { } end, PauseReschedule: not true } } && _time.GetUtcNow() - end > _options.HeartbeatInterval;

    private async Task TellAliveAsync(OpenRun open, FlowRunBody run, CancellationToken cancellation)
    {
        var now = _time.GetTimestamp();
        if (open.ToldAlive is { } last && _time.GetElapsedTime(last, now) < _options.HeartbeatInterval)
            return;
        await _client.WriteEventsAsync([Heartbeat(run)], cancellation);
        open.ToldAlive = now;
    }

    private EventCreate Heartbeat(FlowRunBody run)
    {
        List<IReadOnlyDictionary<string, string>> related = [Related("flow", run.FlowId)];
        if (run.DeploymentId is { } deployment)
            related.Add(Related("deployment", deployment));
        var resource = new Dictionary<string, string>
        {
            ["prefect.resource.id"] = $"prefect.flow-run.{run.Id}",
            ["prefect.resource.name"] = run.Name,
        };
        return new EventCreate(_ids.Next(), _time.GetUtcNow(), HeartbeatEvent, resource, related, []);
    }

    private static Dictionary<string, string> Related(string role, Guid id) =>
        new() { ["prefect.resource.id"] = $"prefect.{role}.{id}", ["prefect.resource.role"] = role };
}
