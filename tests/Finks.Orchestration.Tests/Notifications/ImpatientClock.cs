using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace Finks.Orchestration.Tests.Notifications;

/// <summary>A clock on which pauses are over at once. Timeouts of attempts, ten seconds, are over only when it is told to.</summary>
internal sealed class ImpatientClock(bool timesOut = false) : FakeTimeProvider(Samples.Now)
{
    public static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(10);

    public ConcurrentQueue<TimeSpan> Pauses { get; } = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == AttemptTimeout)
            return base.CreateTimer(callback, state, timesOut ? TimeSpan.Zero : dueTime, period);
        Pauses.Enqueue(dueTime);
        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
