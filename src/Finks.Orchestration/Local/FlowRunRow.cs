using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Nodes;
using Finks.Lake;
using Finks.Lake.Bronze;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Local;

/// <summary>A flow run as the table has it.</summary>
/// <param name="Transition">Of the proposal that led to the state.</param>
/// <param name="CancelReason">Set when somebody asked for the run to be cancelled.</param>
/// <param name="Owner">The process that works on it, or did; null when none has taken it.</param>
/// <param name="LeaseUntil">Until then the owner counts as alive.</param>
internal sealed record FlowRunRow(FlowRun Run, string? Transition, string? CancelReason, RunProcess? Owner, DateTimeOffset? LeaseUntil)
{
    public const string Columns =
        "flow_run_id, flow, name, parameters, tags, deployment, parent_task_run_id, created_at, scheduled_for, started_at, ended_at, run_count, "
        + "state, state_name, message, state_at, not_before, result, transition, cancel_reason, owner, lease_until";

    /// <summary>Whether nobody else works on it.</summary>
    public bool IsFreeFor(RunProcess process, DateTimeOffset now) => Owner is null || Owner == process || IsAbandoned(now);

    /// <summary>Whether its owner has ended or not been heard of for the length of a lease.</summary>
    public bool IsAbandoned(DateTimeOffset now) => Owner is not null && (LeaseUntil is not { } until || until < now || Owner.HasEnded());

    public static FlowRunRow Read(DbDataReader row) => new(
        new FlowRun
        {
            Id = Guid.Parse(row.GetString(0)),
            Flow = row.GetString(1),
            Name = row.GetString(2),
            Parameters = (JsonObject)JsonNode.Parse(row.GetString(3))!,
            Tags = JsonSerializer.Deserialize<string[]>(row.GetString(4))!,
            Deployment = row.Text(5),
            ParentTaskRun = row.Text(6) is { } parent ? Guid.Parse(parent) : null,
            CreatedAt = UtcText.Parse(row.GetString(7)),
            ScheduledFor = Time(row, 8),
            StartedAt = Time(row, 9),
            EndedAt = Time(row, 10),
            RunCount = (int)row.GetInt64(11),
            State = new RunState
            {
                Type = Enum.Parse<StateType>(row.GetString(12)),
                Name = row.GetString(13),
                Message = row.Text(14),
                At = UtcText.Parse(row.GetString(15)),
                NotBefore = Time(row, 16),
                Result = row.Text(17),
            },
        },
        row.Text(18),
        row.Text(19),
        RunProcess.Parse(row.Text(20)),
        Time(row, 21));

    internal static DateTimeOffset? Time(DbDataReader row, int column) => row.Text(column) is { } text ? UtcText.Parse(text) : null;
}
