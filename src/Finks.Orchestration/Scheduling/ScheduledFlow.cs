using System.Text.Json.Nodes;
using Finks.Lake.Bronze;

namespace Finks.Orchestration.Scheduling;

/// <summary>A flow that is to run by a schedule.</summary>
/// <param name="Name">Names the schedule in the ledger: it must be unique, and stay when the schedule changes.</param>
/// <param name="Flow">The flow's name.</param>
/// <param name="Parameters">What each run is given.</param>
public sealed record ScheduledFlow(string Name, string Flow, Schedule Schedule, JsonObject Parameters, CatchUp CatchUp = CatchUp.Latest);

/// <summary>One run of a scheduled flow.</summary>
/// <param name="ScheduledFor">The time it stands for, UTC; it may begin later.</param>
public sealed record ScheduledRun(ScheduledFlow Flow, DateTimeOffset ScheduledFor)
{
    /// <summary>The same for every attempt at this run, by any process.</summary>
    public string IdempotencyKey => KeyOf(Flow.Name, ScheduledFor);

    /// <summary>The key of the run that a claim stands for: the schedule's name and the scheduled time.</summary>
    public static string KeyOf(string schedule, DateTimeOffset scheduledFor) => $"{schedule}@{UtcText.From(scheduledFor)}";
}
