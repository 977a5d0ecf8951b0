using System.Data.Common;
using System.Text.Json;
using Finks.Lake;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Local;

/// <summary>A task run as the table has it.</summary>
internal static class TaskRunRow
{
    public const int Count = 14;

    public const string Columns = "task_run_id, flow_run_id, task, key, tags, inputs, run_count, started_at, ended_at, state, state_name, message, state_at, result";

    public static TaskRun Read(DbDataReader row) => new()
    {
        Id = Guid.Parse(row.GetString(0)),
        FlowRun = Guid.Parse(row.GetString(1)),
        Task = row.GetString(2),
        Key = row.GetString(3),
        Policy = TaskPolicy.Once,
        Tags = JsonSerializer.Deserialize<string[]>(row.GetString(4))!,
        Inputs = JsonSerializer.Deserialize<Guid[]>(row.GetString(5))!,
        RunCount = (int)row.GetInt64(6),
        StartedAt = FlowRunRow.Time(row, 7),
        EndedAt = FlowRunRow.Time(row, 8),
        State = new RunState
        {
            Type = Enum.Parse<StateType>(row.GetString(9)),
            Name = row.GetString(10),
            Message = row.Text(11),
            At = FlowRunRow.Time(row, 12),
            Result = row.Text(13),
        },
    };
}
