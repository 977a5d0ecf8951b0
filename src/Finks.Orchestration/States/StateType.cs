namespace Finks.Orchestration.States;

/// <summary>Where a flow run or a task run stands. The types are Prefect's.</summary>
public enum StateType
{
    /// <summary>Waits for its time.</summary>
    Scheduled,

    /// <summary>Somebody has taken it and has not begun.</summary>
    Pending,

    Running,

    Completed,

    Failed,

    Cancelled,

    /// <summary>Ended without a word: its process was killed, or it could not be started.</summary>
    Crashed,

    Paused,

    /// <summary>Asked to stop, and has not yet.</summary>
    Cancelling,
}
