namespace Finks.Lake.Catalog;

/// <summary>The resolution of snapshot times.</summary>
internal static class Microseconds
{
    public static DateTimeOffset Floor(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond))
        .ToUniversalTime();

    /// <summary>Now, but always later than the last snapshot: a clock that was set back must not confuse reads as of a time.</summary>
    public static DateTimeOffset After(DateTimeOffset last, DateTimeOffset now) =>
        Floor(now) is var time && time > last ? time : last.AddMicroseconds(1);
}
