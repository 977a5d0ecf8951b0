namespace Finks.Orchestration.Scheduling;

public abstract partial record Schedule
{
    /// <summary>So long after the close of each session, early closes included. No cron rule can say this.</summary>
    public sealed record AfterClose : Schedule
    {
        private readonly ExchangeCalendar _calendar;

        /// <param name="exchange">As for <see cref="ExchangeCalendar.Of"/>.</param>
        /// <param name="offset">Whole seconds, at most seven days.</param>
        /// <exception cref="ScheduleException">There is no such calendar, or the offset is out of range.</exception>
        public AfterClose(string exchange, TimeSpan offset) =>
            (_calendar, Exchange, Offset) = (ExchangeCalendar.Of(exchange), exchange, Checked("after_close", offset));

        public string Exchange { get; }

        public TimeSpan Offset { get; }

        public override DateTimeOffset? NextAfter(DateTimeOffset time) =>
            FirstAfter(_calendar, time, session => session.Close + Offset, Offset);

        public override string ToString() => $"exchange: {Exchange}; after_close: {DurationText.Print(Offset)}";
    }

    /// <summary>So long before the opening of each session.</summary>
    public sealed record BeforeOpen : Schedule
    {
        private readonly ExchangeCalendar _calendar;

        /// <param name="exchange">As for <see cref="ExchangeCalendar.Of"/>.</param>
        /// <param name="offset">Whole seconds, at most seven days.</param>
        /// <exception cref="ScheduleException">There is no such calendar, or the offset is out of range.</exception>
        public BeforeOpen(string exchange, TimeSpan offset) =>
            (_calendar, Exchange, Offset) = (ExchangeCalendar.Of(exchange), exchange, Checked("before_open", offset));

        public string Exchange { get; }

        public TimeSpan Offset { get; }

        public override DateTimeOffset? NextAfter(DateTimeOffset time) =>
            FirstAfter(_calendar, time, session => session.Open - Offset, -Offset);

        public override string ToString() => $"exchange: {Exchange}; before_open: {DurationText.Print(Offset)}";
    }

    private static DateTimeOffset FirstAfter(
        ExchangeCalendar calendar, DateTimeOffset time, Func<TradingSession, DateTimeOffset> at, TimeSpan shift)
    {
        // The date in the exchange's zone may be one less than in UTC.
        var from = DateOnly.FromDateTime((time - shift).UtcDateTime).AddDays(-1);
        return calendar.Sessions(from < calendar.ValidFrom ? calendar.ValidFrom : from, DateOnly.MaxValue).Select(at).First(t => t > time);
    }

    private static TimeSpan Checked(string setting, TimeSpan offset)
    {
        var most = TimeSpan.FromDays(7);
        return offset >= TimeSpan.Zero && offset <= most && offset.Ticks % TimeSpan.TicksPerSecond == 0
            ? offset
            : throw new ScheduleException($"{setting} is {offset}; it must be whole seconds from 0s to {DurationText.Print(most)}, "
                + "such as 30m.");
    }
}
