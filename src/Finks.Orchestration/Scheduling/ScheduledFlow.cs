using System.Text.Json.Nodes;
using Finks.Lake.Bronze;

namespace Finks.Orchestration.Scheduling;

/// <summary>A flow that is to run by a schedule.</summary>
/// <param name="Name">Names the schedule in the ledger: it must be unique, and stay when the schedule changes.</param>
/// <param name="Parameters">What each run is given.</param>
public sealed record ScheduledFlow(string Name, Schedule Schedule, JsonObject Parameters, CatchUp CatchUp = CatchUp.Latest);

/// <summary>One run of a scheduled flow.</summary>
/// <param name="ScheduledFor">The time it stands for, UTC; it may begin later.</param>
public sealed record ScheduledRun(ScheduledFlow Flow, DateTimeOffset ScheduledFor)
{
    /// <summary>The same for every attempt at this run, by any process: the flow's name and the scheduled time.</summary>
    public string IdempotencyKey => $"{Flow.Name}@{UtcText.From(ScheduledFor)}";
}
