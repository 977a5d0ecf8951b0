using Finks.Orchestration.Runs;
using Finks.Orchestration.States;

namespace Finks.Orchestration;

/// <summary>What the engine hears when it says that a run is alive.</summary>
public enum RunSignal
{
    /// <summary>Go on.</summary>
    Continue,

    /// <summary>Somebody asked for the run to be cancelled: stop, and propose Cancelled.</summary>
    Cancel,

    /// <summary>Somebody put the run off: stop, write nothing, and end. It is begun again when it is resumed.</summary>
    Suspend,

    /// <summary>The run belongs to another process now, or has ended without this one: stop, and write nothing.</summary>
    Lost,
}

/// <summary>
/// Where runs are kept and who answers for their states. Safe for use by several threads at once. Methods that return a task answer from the
/// place that rules; those that return nothing never wait for it.
/// </summary>
public interface IRunBackend : IAsyncDisposable
{
    /// <summary>How often <see cref="BeatAsync"/> is to be called.</summary>
    TimeSpan BeatInterval { get; }

    /// <summary>Makes a flow run in state Scheduled, or gives the one that was made for the same idempotency key.</summary>
    Task<FlowRun> CreateFlowRunAsync(NewFlowRun run, CancellationToken cancellation);

    /// <summary>The flow run as it is now; null when there is none.</summary>
    Task<FlowRun?> FindFlowRunAsync(Guid id, CancellationToken cancellation);

    /// <summary>Proposes the next state of a flow run.</summary>
    /// <param name="transition">The same for repeats of one proposal, so that it counts once.</param>
    /// <param name="force">For the last words of a dying process: write it unless the run has ended.</param>
    Task<StateAnswer> ProposeAsync(FlowRun run, RunState state, Guid transition, bool force, CancellationToken cancellation);

    /// <summary>Makes a task run in state Pending, or gives the one that is there for the same flow run, task and key.</summary>
    Task<TaskRun> CreateTaskRunAsync(NewTaskRun task, CancellationToken cancellation);

    /// <summary>Proposes the next state of a task run.</summary>
    Task<StateAnswer> ProposeAsync(TaskRun task, RunState state, CancellationToken cancellation);

    /// <summary>The flow run that a task run stands for; null when none was made yet.</summary>
    Task<FlowRun?> FindSubflowRunAsync(Guid parentTaskRun, CancellationToken cancellation);

    /// <summary>Makes a flow run that ended without success, or that nobody works on any more, ready to go on from its finished tasks; null when it
    /// completed or another process works on it.</summary>
    Task<FlowRun?> ReopenAsync(FlowRun run, CancellationToken cancellation);

    /// <summary>Says that this process works on the flow run, and hears what has become of it.</summary>
    Task<RunSignal> BeatAsync(FlowRun run, CancellationToken cancellation);

    /// <summary>Takes a slot of each limit, for as long as the lease is not disposed; null when one is full and the caller should ask again
    /// later. A name without a limit takes no slot.</summary>
    Task<IAsyncDisposable?> TryAcquireAsync(IReadOnlyList<string> limits, Guid holder, CancellationToken cancellation);

    /// <summary>Keeps a log line.</summary>
    void Log(RunLogLine line);

    /// <summary>Keeps an artifact of a flow run, or of one of its task runs.</summary>
    void Put(Guid flowRun, Guid? taskRun, Artifact artifact);

    /// <summary>Ends when all that was kept so far is where it belongs.</summary>
    Task FlushAsync(CancellationToken cancellation);
}
