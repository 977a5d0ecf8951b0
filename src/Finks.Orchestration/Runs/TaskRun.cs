using Finks.Orchestration.States;

namespace Finks.Orchestration.Runs;

/// <summary>One run of a task, as its backend has it. Times are UTC.</summary>
public sealed record TaskRun
{
    public required Guid Id { get; init; }

    public required Guid FlowRun { get; init; }

    /// <summary>The task's name; with <see cref="Key"/> it is the same in every attempt of the flow run.</summary>
    public required string Task { get; init; }

    /// <summary>Tells runs of one task in one flow run apart: a number, or what the run is about (<c>AAPL</c>).</summary>
    public required string Key { get; init; }

    public required RunState State { get; init; }

    public required TaskPolicy Policy { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Task runs whose results this one uses: the edges of the run's graph.</summary>
    public IReadOnlyList<Guid> Inputs { get; init; } = [];

    /// <summary>How often it has entered Running.</summary>
    public int RunCount { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>By which rules the backend answers for a task.</summary>
public sealed record TaskPolicy
{
    public static TaskPolicy Once { get; } = new();

    /// <summary>Attempts after the first.</summary>
    public int Retries { get; init; }

    /// <summary>The pause before each retry; the last holds for all that follow. Empty for none.</summary>
    public IReadOnlyList<TimeSpan> RetryDelays { get; init; } = [];

    /// <summary>Up to this share of a pause is added to it at random, so that many do not retry at once.</summary>
    public double RetryJitter { get; init; }

    /// <summary>A result under this key, from any run, is taken instead of running; null to run each time.</summary>
    public string? CacheKey { get; init; }

    /// <summary>How long a result stays good under <see cref="CacheKey"/>; null for ever.</summary>
    public TimeSpan? CacheLifetime { get; init; }
}

/// <summary>A task run to be made.</summary>
public sealed record NewTaskRun
{
    public required Guid FlowRun { get; init; }

    public required string Task { get; init; }

    public required string Key { get; init; }

    public TaskPolicy Policy { get; init; } = TaskPolicy.Once;

    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyList<Guid> Inputs { get; init; } = [];

    /// <summary>One of many alike, such as one call for one symbol: kept in Finks's own ledger, and not sent to a server that takes a few task
    /// runs a second.</summary>
    public bool IsUnit { get; init; }

    /// <summary>It stands for a subflow in its parent; its states follow the subflow's.</summary>
    public bool IsSubflow { get; init; }
}
