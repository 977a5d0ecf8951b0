namespace Finks.Pipelines;

/// <summary>Reports on the caller's thread, one at a time: <see cref="Progress{T}"/> would post to the pool and mix up the order.</summary>
internal sealed class ImmediateProgress<T>(Action<T> show) : IProgress<T>
{
    private readonly Lock _oneAtATime = new();

    public void Report(T value)
    {
        lock (_oneAtATime)
            show(value);
    }
}
