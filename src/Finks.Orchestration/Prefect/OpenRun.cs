using System.Collections.Concurrent;
using Finks.Orchestration.Prefect.Api;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Prefect;

/// <summary>What this process knows of a flow run that it works on.</summary>
internal sealed class OpenRun(Guid id)
{
    private readonly Lock _changing = new();

    /// <summary>Of all proposals of this process, also those whose answer never came.</summary>
    private readonly HashSet<Guid> _transitions = [];

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
    public async Task<StateReply> ProposeAsync(Guid transition, Func<Task<StateReply>> send)
    {
        lock (_changing)
        {
            _transitions.Add(transition);
            _proposing++;
        }

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

    /// <summary>Whether another process works on the run, or is to: two that enter Running are both accepted by the server, and a run that
    /// was Running here is given to a worker when somebody sets it back to Scheduled.</summary>
    public bool IsTakenOver(StateBody now)
    {
        lock (_changing)
        {
            return now.TransitionId is { } theirs && _transitions.Contains(theirs)
                ? false
                : now.Type switch
                {
                    // One without a transition was resumed by the server for this process.
                    StateType.Running => now.TransitionId is not null && _transitions.Count > 0,
                    StateType.Scheduled or StateType.Pending => _state is { Type: StateType.Running or StateType.Paused },
                    _ => false,
                };
        }
    }

    private RunSignal Judge(StateBody? now)
    {
        if (now is null)
            return RunSignal.Continue;
        if (now.Type == StateType.Paused)
            // One that is only paused goes on: its tasks wait for the server's word.
            return now.StateDetails?.PauseReschedule == true ? RunSignal.Suspend : RunSignal.Continue;
        if (now.Type == StateType.Cancelling)
            return RunSignal.Cancel;
        if (now.Type is StateType.Completed or StateType.Failed or StateType.Cancelled or StateType.Crashed || IsTakenOver(now))
            return RunSignal.Lost;
        return _state is { } known && now.Type != known.Type ? RunSignal.Lost : RunSignal.Continue;
    }
}
