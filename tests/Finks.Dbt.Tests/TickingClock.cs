namespace Finks.Dbt.Tests;

/// <summary>A clock that moves one second each time it is read.</summary>
internal sealed class TickingClock : TimeProvider
{
    private long _readings;

    public override long TimestampFrequency => 1;

    public override long GetTimestamp() => Interlocked.Increment(ref _readings);
}
