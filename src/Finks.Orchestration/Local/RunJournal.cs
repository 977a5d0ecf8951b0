using System.Globalization;
using System.Text.Json;
using Finks.Lake;
using Finks.Lake.Bronze;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Local;

/// <summary>
/// Writes task runs, log lines and artifacts in the background, in the order in which they came: what gathers while one transaction is written
/// goes into the next. Work never waits for it, but for <see cref="FlushAsync"/> and where it has fallen far behind. A process that is killed
/// loses the last milliseconds, so that tasks which ended in them run again.
/// </summary>
internal sealed class RunJournal(LakeDatabase database, string process)
{
    private const int FarBehind = 20_000;

    private static readonly string[] TaskColumns =
        ["task_run_id", "flow_run_id", "task", "key", "tags", "inputs", "is_unit", "run_count", "started_at", "ended_at", "state", "state_name", "message", "state_at", "result"];

    private static readonly string TaskConflict = "ON CONFLICT (task_run_id) DO UPDATE SET "
        + string.Join(", ", TaskColumns.SkipWhile(c => c != "run_count").Select(c => $"{c} = excluded.{c}"));

    private readonly Lock _lock = new();
    private Batch _open = new();
    private Task _writing = Task.CompletedTask;
    private long _lines;

    /// <summary>Keeps a task run with the state that it is in now, which is its n-th.</summary>
    public void Add(TaskRun task, bool isUnit, int states) => Add(batch =>
    {
        batch.Tasks[task.Id] = (task, isUnit);
        if (states > 0)
            batch.States.Add((task.FlowRun, StateRow(task.Id, states, task.State)));
    });

    public void Add(RunLogLine line) => Add(batch => batch.Lines.Add(
        [Text(line.FlowRun), ++_lines, line.TaskRun is { } task ? Text(task) : null, UtcText.From(line.At), (long)line.Level, line.Message, process]));

    public void Add(Guid flowRun, Guid? taskRun, Artifact artifact, DateTimeOffset at) => Add(batch =>
    {
        var (kind, data) = artifact switch
        {
            Artifact.Markdown markdown => ("markdown", markdown.Text),
            Artifact.Progress progress => ("progress", progress.Fraction.ToString("R", CultureInfo.InvariantCulture)),
            Artifact.Link link => ("link", $"[{link.Text}]({link.Target})"),
            _ => throw new ArgumentOutOfRangeException(nameof(artifact)),
        };
        var task = taskRun is { } id ? Text(id) : "";
        batch.Artifacts[(flowRun, task, artifact.Key)] = [Text(flowRun), task, artifact.Key, kind, data, artifact.Description, UtcText.From(at)];
    });

    public void AddCached(string key, TaskRun task, DateTimeOffset? expiresAt) => Add(batch =>
        batch.Cached[key] = [key, Text(task.Id), task.State.Result, expiresAt is { } at ? UtcText.From(at) : null]);

    /// <summary>Ends when all that came before is written.</summary>
    /// <exception cref="LakeException">It could not be written.</exception>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        Task written;
        lock (_lock)
            written = _open.Count > 0 ? _open.Written.Task : _writing;
        await written.WaitAsync(cancellation);
    }

    /// <summary>Waits only when more is waiting than memory should hold.</summary>
    public Task CatchUpAsync(CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_open.Count < FarBehind)
                return Task.CompletedTask;
        }

        return FlushAsync(cancellation);
    }

    internal static object?[] StateRow(Guid run, int sequence, RunState state) =>
        [Text(run), (long)sequence, state.Type.ToString(), state.Name, state.Message, UtcText.From(state.At!.Value)];

    internal static string Text(Guid id) => id.ToString("D", CultureInfo.InvariantCulture);

    private void Add(Action<Batch> add)
    {
        lock (_lock)
        {
            if (_writing.IsFaulted)
                _writing.GetAwaiter().GetResult();
            add(_open);
            _open.Count++;
            if (_writing.IsCompleted)
                _writing = Task.Run(WriteAll);
        }
    }

    private void WriteAll()
    {
        while (true)
        {
            Batch batch;
            lock (_lock)
            {
                if (_open.Count == 0)
                {
                    _writing = Task.CompletedTask;
                    return;
                }

                (batch, _open) = (_open, new Batch());
            }

            try
            {
                database.WriteBeside(transaction => batch.Write(transaction, process));
                batch.Written.SetResult();
            }
            catch (Exception error)
            {
                batch.Written.SetException(error);
                lock (_lock)
                    _open.Written.TrySetException(error);
                throw;
            }
        }
    }

    private sealed class Batch
    {
        public int Count { get; set; }

        public Dictionary<Guid, (TaskRun Task, bool IsUnit)> Tasks { get; } = [];

        public List<(Guid FlowRun, object?[] Row)> States { get; } = [];

        public List<object?[]> Lines { get; } = [];

        public Dictionary<(Guid, string, string), object?[]> Artifacts { get; } = [];

        public Dictionary<string, object?[]> Cached { get; } = [];

        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Write(LedgerTransaction transaction, string process)
        {
            // A process that was suspended for longer than its lease may have lost the run: what it did since is the other's to tell.
            var mine = Tasks.Values.Select(t => t.Task.FlowRun).Distinct().Where(run => transaction.Execute(
                "UPDATE finks_flow_run SET owner = owner WHERE flow_run_id = @run AND owner = @owner", ("run", Text(run)), ("owner", process)) > 0).ToHashSet();
            var tasks = Tasks.Values.Where(t => mine.Contains(t.Task.FlowRun)).ToList();
            transaction.InsertMany("finks_task_run", TaskColumns, [.. tasks.Select(t => TaskRow(t.Task, t.IsUnit))], TaskConflict);
            transaction.InsertMany(
                "finks_run_state", ["run_id", "sequence", "state", "name", "message", "at"],
                [.. States.Where(s => mine.Contains(s.FlowRun)).Select(s => s.Row)]);
            transaction.InsertMany("finks_run_log", ["flow_run_id", "sequence", "task_run_id", "at", "level", "message", "process"], Lines);
            transaction.InsertMany(
                "finks_artifact", ["flow_run_id", "task_run_id", "key", "kind", "data", "description", "at"], [.. Artifacts.Values],
                "ON CONFLICT (flow_run_id, task_run_id, key) DO UPDATE SET kind = excluded.kind, data = excluded.data, description = excluded.description, at = excluded.at");
            transaction.InsertMany(
                "finks_task_cache", ["cache_key", "task_run_id", "result", "expires_at"], [.. Cached.Values],
                "ON CONFLICT (cache_key) DO UPDATE SET task_run_id = excluded.task_run_id, result = excluded.result, expires_at = excluded.expires_at");
        }

        private static object?[] TaskRow(TaskRun task, bool isUnit) =>
        [
            Text(task.Id), Text(task.FlowRun), task.Task, task.Key, JsonSerializer.Serialize(task.Tags), JsonSerializer.Serialize(task.Inputs), isUnit ? 1L : 0L,
            (long)task.RunCount, Time(task.StartedAt), Time(task.EndedAt), task.State.Type.ToString(), task.State.Name, task.State.Message, Time(task.State.At), task.State.Result,
        ];

        private static string? Time(DateTimeOffset? time) => time is { } t ? UtcText.From(t) : null;
    }
}
