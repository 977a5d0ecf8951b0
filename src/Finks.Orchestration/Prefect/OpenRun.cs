using System.Collections.Concurrent;
using Finks.Orchestration.Prefect.Api;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Prefect;

/// <summary>What this process knows of a flow run that it works on.</summary>
internal sealed class OpenRun(Guid id)
{
    private readonly Lock _changing = new();
    private StateBody? _state;
    private int _proposing;
    private int _proposals;

    public Guid Id { get; } = id;

    /// <summary>Task runs that the server has; true for one that stands for a subflow. Those of this flow run that are not here are
    /// units.</summary>
    public ConcurrentDictionary<Guid, bool> Tasks { get; } = new();

    /// <summary>When the server was last told that the run is alive.</summary>
    public long? ToldAlive { get; set; }

    /// <summary>The state that the server last gave this process; null before the first.</summary>
    public StateBody? State
    {
        get
        {
            lock (_changing)
                return _state;
        }
    }

    /// <summary>Makes a proposal. What the server says of the run meanwhile may already be its consequence.</summary>
    public async Task<StateReply> ProposeAsync(Func<Task<StateReply>> send)
    {
        lock (_changing)
            _proposing++;
        StateReply? reply = null;
        try
        {
            return reply = await send();
        }
        finally
        {
            lock (_changing)
            {
                _proposing--;
                _proposals++;
                // Of an accepted or refused proposal the answer's state is the truth, on whose transition this process goes on.
                if (reply is { Status: ReplyStatus.Accept or ReplyStatus.Reject, State: { } now })
                    _state = now;
            }
        }
    }

    /// <summary>Looks at the run, and judges what is seen unless this process was changing it at the time.</summary>
    public async Task<(FlowRunBody? Seen, RunSignal Signal)> LookAsync(Func<Task<FlowRunBody?>> look)
    {
        int before;
        lock (_changing)
            before = _proposals;
        var seen = await look();
        lock (_changing)
        {
            if (seen is null)
                return (null, RunSignal.Lost);
            return (seen, _proposing > 0 || _proposals != before ? RunSignal.Continue : Judge(seen.State));
        }
    }

    /// <summary>Whether the state was written by another process that runs the same run: two that enter Running are both accepted by the
    /// server.</summary>
    public bool IsTakenOver(StateBody now) =>
        State is { TransitionId: { } ours } && now is { Type: StateType.Running, TransitionId: { } theirs } && ours != theirs;

    private RunSignal Judge(StateBody? now)
    {
        // A run that somebody has paused by hand goes on: its tasks wait for the server's word.
        if (now is null || now.Type is StateType.Paused)
            return RunSignal.Continue;
        if (now.Type == StateType.Cancelling)
            return RunSignal.Cancel;
        if (now.Type is StateType.Completed or StateType.Failed or StateType.Cancelled or StateType.Crashed || IsTakenOver(now))
            return RunSignal.Lost;
        return _state is { } known && now.Type != known.Type ? RunSignal.Lost : RunSignal.Continue;
    }
}
