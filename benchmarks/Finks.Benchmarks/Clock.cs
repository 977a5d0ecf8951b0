using Finks.Lake;

namespace Finks.Benchmarks;

/// <summary>The machine's clock.</summary>
internal sealed class Clock : TimeProvider
{
    /// <summary>Seconds that the work takes.</summary>
    public double Time(Action work)
    {
        var start = GetTimestamp();
        work();
        return GetElapsedTime(start).TotalSeconds;
    }
}

internal sealed class Ids : IdSource
{
    private int _last;

    public override Guid Next()
    {
        var bytes = new byte[16];
        BitConverter.TryWriteBytes(bytes, Interlocked.Increment(ref _last));
        return new Guid(bytes);
    }
}
