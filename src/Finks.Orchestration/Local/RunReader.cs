using System.Globalization;
using Finks.Lake;
using Finks.Lake.Bronze;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Local;

/// <summary>A flow run with all that belongs to it.</summary>
/// <param name="Tasks">In the order in which they were begun.</param>
public sealed record RunTree(FlowRun Run, IReadOnlyList<TaskNode> Tasks, IReadOnlyList<RunState> States, IReadOnlyList<RunLogLine> Log, IReadOnlyList<StoredArtifact> Artifacts);

/// <summary>A task run.</summary>
/// <param name="Subflow">The flow run that it stands for; null for an ordinary task.</param>
/// <param name="IsUnit">One of many alike.</param>
public sealed record TaskNode(TaskRun Run, bool IsUnit, IReadOnlyList<RunState> States, RunTree? Subflow);

/// <summary>An artifact as it is kept: Markdown, a fraction or a link in Markdown.</summary>
/// <param name="TaskRun">Null for one of the flow itself.</param>
public sealed record StoredArtifact(Guid? TaskRun, string Key, string Kind, string Data, string? Description, DateTimeOffset At);

/// <summary>Reads what is kept of runs.</summary>
public sealed class RunReader
{
    private readonly LakeDatabase _database;

    public RunReader(LakeDatabase database)
    {
        _database = database;
        LocalBackend.EnsureTables(database);
    }

    /// <summary>Flow runs that are not part of another, newest first.</summary>
    /// <param name="begunBy">Only runs made by then, UTC; null for all.</param>
    public IReadOnlyList<FlowRun> Latest(int count, DateTimeOffset? begunBy = null, string? flow = null, StateType? state = null) => _database.Read(reader => reader.Query(
        $"""
        SELECT {FlowRunRow.Columns} FROM finks_flow_run
        WHERE parent_task_run_id IS NULL AND created_at <= @by AND (@flow = '' OR flow = @flow) AND (@state = '' OR state = @state)
        ORDER BY created_at DESC, flow_run_id DESC LIMIT @count
        """,
        row => FlowRunRow.Read(row).Run,
        ("by", UtcText.From(begunBy ?? DateTimeOffset.MaxValue)), ("flow", flow ?? ""), ("state", state?.ToString() ?? ""), ("count", (long)count)));

    /// <summary>Flow runs whose identifier begins or ends so; more than one when too little of it is given.</summary>
    public IReadOnlyList<FlowRun> Find(string id) => _database.Read(reader => reader.Query(
        $"SELECT {FlowRunRow.Columns} FROM finks_flow_run WHERE flow_run_id LIKE @begins OR flow_run_id LIKE @ends ORDER BY created_at DESC LIMIT 10",
        row => FlowRunRow.Read(row).Run, ("begins", Part(id) + "%"), ("ends", "%" + Part(id))));

    /// <summary>The flow run that was made for an idempotency key; null when none was.</summary>
    public FlowRun? OfKey(string key) => _database.Read(reader => reader.First(
        $"SELECT {FlowRunRow.Columns} FROM finks_flow_run WHERE idempotency_key = @key", FlowRunRow.Read, ("key", key))?.Run);

    /// <summary>A run with its tasks, subflows, states, log and artifacts; null when there is none.</summary>
    public RunTree? Tree(Guid id) => _database.Read(reader => Tree(reader, id));

    private static RunTree? Tree(LedgerReader reader, Guid id)
    {
        var run = reader.First($"SELECT {FlowRunRow.Columns} FROM finks_flow_run WHERE flow_run_id = @id", FlowRunRow.Read, ("id", RunJournal.Text(id)))?.Run;
        if (run is null)
            return null;
        var states = reader.Query(
                """
                SELECT run_id, state, name, message, at FROM finks_run_state
                WHERE run_id = @id OR run_id IN (SELECT task_run_id FROM finks_task_run WHERE flow_run_id = @id) ORDER BY run_id, sequence
                """,
                row => (Run: Guid.Parse(row.GetString(0)), State: new RunState
                {
                    Type = Enum.Parse<StateType>(row.GetString(1)),
                    Name = row.GetString(2),
                    Message = row.Text(3),
                    At = UtcText.Parse(row.GetString(4)),
                }),
                ("id", RunJournal.Text(id)))
            .ToLookup(s => s.Run, s => s.State);
        var tasks = reader.Query(
            $"SELECT {TaskRunRow.Columns}, is_unit FROM finks_task_run WHERE flow_run_id = @id ORDER BY started_at IS NULL, started_at, task, key",
            row => (Run: TaskRunRow.Read(row), IsUnit: row.GetInt64(TaskRunRow.Count) != 0), ("id", RunJournal.Text(id)));
        var subflows = reader.Query(
                """
                SELECT parent_task_run_id, flow_run_id FROM finks_flow_run
                WHERE parent_task_run_id IN (SELECT task_run_id FROM finks_task_run WHERE flow_run_id = @id) ORDER BY created_at
                """,
                row => (Parent: Guid.Parse(row.GetString(0)), Run: Guid.Parse(row.GetString(1))), ("id", RunJournal.Text(id)))
            .ToLookup(s => s.Parent, s => s.Run);
        return new RunTree(
            run,
            [.. tasks.Select(t => new TaskNode(t.Run, t.IsUnit, [.. states[t.Run.Id]], subflows.Contains(t.Run.Id) ? Tree(reader, subflows[t.Run.Id].Last()) : null))],
            [.. states[id]],
            Log(reader, id),
            Artifacts(reader, id));
    }

    private static IReadOnlyList<RunLogLine> Log(LedgerReader reader, Guid id) => reader.Query(
        "SELECT task_run_id, at, level, message FROM finks_run_log WHERE flow_run_id = @id ORDER BY at, sequence",
        row => new RunLogLine(id, Id(row.Text(0)), UtcText.Parse(row.GetString(1)), (LogLevel)row.GetInt64(2), row.GetString(3)), ("id", RunJournal.Text(id)));

    private static IReadOnlyList<StoredArtifact> Artifacts(LedgerReader reader, Guid id) => reader.Query(
        "SELECT task_run_id, key, kind, data, description, at FROM finks_artifact WHERE flow_run_id = @id ORDER BY at, key",
        row => new StoredArtifact(
            Id(row.GetString(0)), row.GetString(1), row.GetString(2), row.GetString(3), row.Text(4), UtcText.Parse(row.GetString(5))),
        ("id", RunJournal.Text(id)));

    private static string Part(string id) => id.ToLowerInvariant().Replace("%", "", StringComparison.Ordinal);

    private static Guid? Id(string? text) => string.IsNullOrEmpty(text) ? null : Guid.Parse(text, CultureInfo.InvariantCulture);
}
