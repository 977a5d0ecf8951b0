using System.Text.Json.Nodes;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Runs;

/// <summary>One run of a flow, as its backend has it. Times are UTC.</summary>
public sealed record FlowRun
{
    public required Guid Id { get; init; }

    /// <summary>For people, e.g. <c>daily 2026-08-21</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The flow's name.</summary>
    public required string Flow { get; init; }

    public required RunState State { get; init; }

    public required JsonObject Parameters { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The deployment that it is a run of; null when a user started it by hand.</summary>
    public string? Deployment { get; init; }

    /// <summary>The task run of the parent flow run that stands for this one; null for a run of its own.</summary>
    public Guid? ParentTaskRun { get; init; }

    /// <summary>How often it has entered Running.</summary>
    public int RunCount { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was to begin; null for at once.</summary>
    public DateTimeOffset? ScheduledFor { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Attempts after the first that the flow allows, which only the engine knows.</summary>
    public int Retries { get; init; }

    /// <summary>The pause before each of them.</summary>
    public TimeSpan RetryDelay { get; init; }
}

/// <summary>A flow run to be made.</summary>
public sealed record NewFlowRun
{
    public required string Flow { get; init; }

    public required string Name { get; init; }

    public required JsonObject Parameters { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public string? Deployment { get; init; }

    public Guid? ParentTaskRun { get; init; }

    /// <summary>At most one run is made for a key: asked again, the backend gives the run that it made; null for a new run each time.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Not before this time, UTC; null for at once, by the process that asks.</summary>
    public DateTimeOffset? ScheduledFor { get; init; }
}
