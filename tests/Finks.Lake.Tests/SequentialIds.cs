namespace Finks.Lake.Tests;

/// <summary>1, 2, 3, … as UUIDs. A second source on the same lake needs another <paramref name="series"/>.</summary>
public sealed class SequentialIds(short series = 0) : IdSource
{
    private int _last;

    public override Guid Next() => new(Interlocked.Increment(ref _last), series, 0, new byte[8]);
}
