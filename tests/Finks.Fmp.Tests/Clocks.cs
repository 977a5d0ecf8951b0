namespace Finks.Fmp.Tests;

/// <summary>A clock that jumps to the end of every wait at once and notes it. Waits as long as an attempt's time limit never end.</summary>
public sealed class SteppingClock(TimeSpan attemptTimeout) : TimeProvider
{
    private readonly Lock _turn = new();
    private DateTimeOffset _now = new(2025, 3, 14, 15, 9, 26, TimeSpan.Zero);

    public List<TimeSpan> Waits { get; } = [];

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_turn)
            return _now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime < attemptTimeout && dueTime != Timeout.InfiniteTimeSpan)
        {
            lock (_turn)
            {
                _now += dueTime;
                Waits.Add(dueTime);
            }

            ThreadPool.QueueUserWorkItem(_ => callback(state));
        }

        return new SpentTimer();
    }
}

/// <summary>A clock on which nothing ever comes due; it tells when somebody begins to wait.</summary>
public sealed class StoppedClock : TimeProvider
{
    private readonly TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the first wait has begun.</summary>
    public Task Waiting => _waiting.Task;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _waiting.TrySetResult();
        return new SpentTimer();
    }
}

internal sealed class SpentTimer : ITimer
{
    public bool Change(TimeSpan dueTime, TimeSpan period) => true;

    public void Dispose()
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
