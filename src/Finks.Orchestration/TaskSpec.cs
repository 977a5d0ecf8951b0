using Finks.Orchestration.Runs;

namespace Finks.Orchestration;

/// <summary>What a task is called and by which rules it runs.</summary>
/// <param name="Name">The same in every run of the flow.</param>
public sealed record TaskSpec(string Name)
{
    /// <summary>Retries, their pauses, and caching.</summary>
    public TaskPolicy Policy { get; init; } = TaskPolicy.Once;

    /// <summary>How long one attempt may take before its cancellation token is cancelled; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Concurrency limits of which each attempt takes a slot. A name without a limit takes none.</summary>
    public IReadOnlyList<string> Limits { get; init; } = [];

    /// <summary>Whether another attempt can help after this error. Default: after any.</summary>
    public Func<Exception, bool> IsTransient { get; init; } = _ => true;

    /// <summary>One of many alike, such as one call for one symbol: kept in Finks's ledger, and not sent to a server that takes a few task runs a second.</summary>
    public bool IsUnit { get; init; }

    /// <summary>Pauses that grow by a factor, for <see cref="TaskPolicy.RetryDelays"/>.</summary>
    /// <param name="first">The pause before the first retry.</param>
    /// <param name="most">No pause is longer.</param>
    public static IReadOnlyList<TimeSpan> Backoff(TimeSpan first, int retries, double factor = 2, TimeSpan? most = null) =>
        [.. Enumerable.Range(0, retries).Select(i => first * Math.Pow(factor, i)).Select(d => most is { } m && d > m ? m : d)];
}

/// <summary>What a task returned, with the task run that did, so that another can name it as its input.</summary>
public readonly record struct TaskResult<T>(T Value, Guid TaskRun)
{
    public static implicit operator Guid(TaskResult<T> result) => result.TaskRun;
}
