namespace Finks.Orchestration.Scheduling;

/// <summary>Which scheduled times are to run now.</summary>
public static class DueTimes
{
    /// <summary>How many <see cref="Of"/> gives at most when not told otherwise.</summary>
    public const int DefaultLimit = 100;

    /// <summary>The scheduled times after <paramref name="lastFired"/>, up to <paramref name="now"/>, that the policy lets run; oldest
    /// first, UTC.</summary>
    /// <param name="lastFired">The last scheduled time that has been fired.</param>
    /// <param name="punctual">A time that passed no longer ago than this was not missed: with <see cref="CatchUp.Skip"/> it runs.</param>
    /// <param name="limit">At most so many at once, at least 1. With <see cref="CatchUp.All"/> the oldest are given; ask again for the
    /// others when these have been fired.</param>
    public static IReadOnlyList<DateTimeOffset> Of(
        Schedule schedule, DateTimeOffset lastFired, DateTimeOffset now, CatchUp policy, TimeSpan punctual, int limit = DefaultLimit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        if (policy == CatchUp.All)
            return [.. schedule.Occurrences(lastFired, now).Take(limit)];
        if (schedule.LatestOccurrence(lastFired, now) is not { } latest)
            return [];
        return policy == CatchUp.Latest || now - latest <= punctual ? [latest] : [];
    }
}
