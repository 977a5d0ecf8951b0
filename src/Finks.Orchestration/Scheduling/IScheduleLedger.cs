namespace Finks.Orchestration.Scheduling;

/// <summary>What has been fired, shared by all schedulers of a lake. Safe for use by several threads and processes.</summary>
public interface IScheduleLedger
{
    /// <summary>How a schedule stands. One that is new begins at <paramref name="now"/>: what lies before it was never missed.</summary>
    ScheduleStatus Status(string name, DateTimeOffset now);

    /// <summary>Takes a scheduled time, for ever, when nobody has taken it or a later one and the schedule is not paused. True for one
    /// caller only.</summary>
    bool TryClaim(string name, DateTimeOffset scheduledFor, DateTimeOffset now);

    /// <summary>Says that the run of a claimed time has ended, however it ended.</summary>
    void Settle(string name, DateTimeOffset scheduledFor);

    /// <summary>Claims that were not settled, oldest first: their runs go on in some process, or that was killed.</summary>
    IReadOnlyList<ScheduleClaim> Unsettled();

    /// <summary>No time of this schedule is claimed until it is resumed.</summary>
    void Pause(string name, DateTimeOffset now);

    /// <summary>The schedule goes on at <paramref name="now"/>; the times of the pause were not missed. Nothing changes when it was not
    /// paused.</summary>
    void Resume(string name, DateTimeOffset now);
}

/// <summary>How a schedule stands.</summary>
/// <param name="LastFired">The last scheduled time that was claimed; null when none was. UTC.</param>
/// <param name="Since">When it was first seen, or last resumed. UTC.</param>
public sealed record ScheduleStatus(DateTimeOffset? LastFired, DateTimeOffset Since, bool IsPaused)
{
    /// <summary>Times after this one are still to come.</summary>
    public DateTimeOffset DoneThrough => LastFired > Since ? LastFired.Value : Since;
}

/// <summary>A scheduled time that somebody has taken. Times are UTC.</summary>
public sealed record ScheduleClaim(string Name, DateTimeOffset ScheduledFor, DateTimeOffset ClaimedAt);
