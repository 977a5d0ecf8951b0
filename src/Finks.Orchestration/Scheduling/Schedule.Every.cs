namespace Finks.Orchestration.Scheduling;

public abstract partial record Schedule
{
    /// <summary>At equal intervals, counted from 1970-01-01T00:00Z, so that all processes and restarts agree on the times.</summary>
    public sealed record Every : Schedule
    {
        /// <param name="interval">Whole seconds, from one second to a year.</param>
        /// <exception cref="ScheduleException">The interval is out of range.</exception>
        public Every(TimeSpan interval)
        {
            if (interval < TimeSpan.FromSeconds(1) || interval > TimeSpan.FromDays(366) || interval.Ticks % TimeSpan.TicksPerSecond != 0)
                throw new ScheduleException($"every is {interval}; it must be whole seconds from 1s to 366d, such as 15m.");
            Interval = interval;
        }

        public TimeSpan Interval { get; }

        public override DateTimeOffset? NextAfter(DateTimeOffset time)
        {
            var since = (time - DateTimeOffset.UnixEpoch).Ticks;
            var passed = (since / Interval.Ticks) - (since % Interval.Ticks < 0 ? 1 : 0);
            return DateTimeOffset.UnixEpoch.AddTicks((passed + 1) * Interval.Ticks);
        }

        public override string ToString() => $"every: {DurationText.Print(Interval)}";
    }
}
