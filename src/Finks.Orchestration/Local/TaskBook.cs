using System.Collections.Concurrent;
using Finks.Lake;
using Finks.Lake.Bronze;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Local;

/// <summary>
/// The task runs of the flow runs that this process works on. It alone may change them, so it answers from memory and writes behind itself.
/// </summary>
internal sealed class TaskBook(LakeDatabase database, RunJournal journal, TimeProvider clock, IdSource ids, Random random)
{
    private readonly ConcurrentDictionary<Guid, Pages> _flowRuns = [];

    /// <summary>Reads what former attempts of the flow run have done; all attempts at its tasks are counted anew.</summary>
    public void Open(Guid flowRun) => _flowRuns[flowRun] = Load(flowRun);

    public void Close(Guid flowRun) => _flowRuns.TryRemove(flowRun, out _);

    public TaskRun Create(NewTaskRun task)
    {
        var pages = Of(task.FlowRun);
        var made = pages.ByKey.GetOrAdd((task.Task, task.Key), _ => new Entry
        {
            IsUnit = task.IsUnit,
            Run = new TaskRun
            {
                Id = ids.Next(),
                FlowRun = task.FlowRun,
                Task = task.Task,
                Key = task.Key,
                Policy = task.Policy,
                Tags = task.Tags,
                State = RunState.Pending() with { At = clock.GetUtcNow() },
            },
        });
        lock (made)
        {
            // The rules of now hold, not those of the program that made it.
            made.Run = made.Run with { Policy = task.Policy, Tags = task.Tags, Inputs = task.Inputs };
            pages.ById[made.Run.Id] = made;
            if (made.States == 0)
                Write(made, made.Run.State);
            return made.Run;
        }
    }

    /// <summary>Keeps a task run that another backend rules.</summary>
    public void Keep(TaskRun task)
    {
        if (!_flowRuns.TryGetValue(task.FlowRun, out var pages))
            return;
        var entry = pages.ByKey.GetOrAdd((task.Task, task.Key), _ => new Entry { IsUnit = false, Run = task });
        lock (entry)
        {
            var isNews = entry.States == 0 || entry.Run.State != task.State;
            entry.Run = task with { StartedAt = entry.Run.StartedAt ?? task.StartedAt };
            pages.ById[task.Id] = entry;
            if (isNews)
                journal.Add(entry.Run, entry.IsUnit, ++entry.States);
        }
    }

    public StateAnswer Propose(TaskRun task, RunState state)
    {
        var entry = Of(task.FlowRun).ById[task.Id];
        var cached = state.Type == StateType.Running && entry.Run.Policy.CacheKey is { } key ? Cached(key) : null;
        lock (entry)
        {
            double jitter;
            lock (random)
                jitter = random.NextDouble();
            var answer = TaskRules.Answer(entry.Run, state, entry.Attempts, cached, jitter, clock.GetUtcNow());
            return answer switch
            {
                StateAnswer.Accepted accepted => new StateAnswer.Accepted(Write(entry, accepted.State)),
                StateAnswer.Rejected rejected when rejected.State != entry.Run.State => rejected with { State = Write(entry, rejected.State) },
                _ => answer,
            };
        }
    }

    private RunState Write(Entry entry, RunState state)
    {
        var now = clock.GetUtcNow();
        var begins = state.Type == StateType.Running;
        var written = state with { At = now };
        entry.Attempts += begins ? 1 : 0;
        entry.Run = entry.Run with
        {
            State = written,
            RunCount = entry.Run.RunCount + (begins ? 1 : 0),
            StartedAt = begins ? entry.Run.StartedAt ?? now : entry.Run.StartedAt,
            EndedAt = state.IsFinal ? now : null,
        };
        journal.Add(entry.Run, entry.IsUnit, ++entry.States);
        if (state is { Type: StateType.Completed, Name: not StateNames.Cached } && entry.Run.Policy is { CacheKey: { } key } policy)
            journal.AddCached(key, entry.Run, now + policy.CacheLifetime);
        return written;
    }

    private RunState? Cached(string key) => database.Read(reader => reader.First(
        "SELECT result FROM finks_task_cache WHERE cache_key = @key AND (expires_at IS NULL OR expires_at > @now)",
        row => RunState.Completed(result: row.Text(0)) with { Name = StateNames.Cached },
        ("key", key), ("now", UtcText.From(clock.GetUtcNow()))));

    private Pages Of(Guid flowRun) => _flowRuns.TryGetValue(flowRun, out var pages)
        ? pages
        : throw new InvalidOperationException($"This process does not work on flow run {flowRun}.");

    private Pages Load(Guid flowRun)
    {
        var pages = new Pages();
        var entries = database.Read(reader => reader.Query(
            $"SELECT {TaskRunRow.Columns}, is_unit, (SELECT count(*) FROM finks_run_state s WHERE s.run_id = task_run_id) FROM finks_task_run WHERE flow_run_id = @run",
            row => new Entry { Run = TaskRunRow.Read(row), IsUnit = row.GetInt64(TaskRunRow.Count) != 0, States = (int)row.GetInt64(TaskRunRow.Count + 1) },
            ("run", RunJournal.Text(flowRun))));
        foreach (var entry in entries)
            pages.ByKey[(entry.Run.Task, entry.Run.Key)] = pages.ById[entry.Run.Id] = entry;
        return pages;
    }

    private sealed class Pages
    {
        public ConcurrentDictionary<(string Task, string Key), Entry> ByKey { get; } = [];

        public ConcurrentDictionary<Guid, Entry> ById { get; } = [];
    }

    private sealed class Entry
    {
        public required TaskRun Run { get; set; }

        public required bool IsUnit { get; init; }

        /// <summary>How often it has begun since the flow did.</summary>
        public int Attempts { get; set; }

        /// <summary>How many states it has been in.</summary>
        public int States { get; set; }
    }
}
