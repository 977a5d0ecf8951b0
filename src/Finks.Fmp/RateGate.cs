namespace Finks.Fmp;

/// <summary>
/// A token bucket on an injected clock: a call takes the next free place, so callers go in the order they came. A place whose caller gave
/// up waiting is not handed on, which errs on the slow side.
/// </summary>
internal sealed class RateGate(int callsPerMinute, int burst, TimeProvider time)
{
    private readonly Lock _turn = new();
    private readonly TimeSpan _spacing = TimeSpan.FromMinutes(1) / callsPerMinute;
    private readonly TimeSpan _allowance = TimeSpan.FromMinutes(1) / callsPerMinute * (burst - 1);
    private readonly long _start = time.GetTimestamp();

    /// <summary>When the bucket would be full again if no further call came, as time since the start.</summary>
    private TimeSpan _fullAt;

    public Task WaitAsync(CancellationToken cancellationToken)
    {
        var wait = Take();
        return wait > TimeSpan.Zero ? Task.Delay(wait, time, cancellationToken) : Task.CompletedTask;
    }

    private TimeSpan Take()
    {
        lock (_turn)
        {
            var now = time.GetElapsedTime(_start);
            var due = _fullAt > now ? _fullAt : now;
            _fullAt = due + _spacing;
            return due - _allowance - now;
        }
    }
}
