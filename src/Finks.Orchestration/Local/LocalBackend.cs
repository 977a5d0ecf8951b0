using System.Reflection;
using System.Text.Json;
using Finks.Lake;
using Finks.Lake.Bronze;
using Finks.Lake.Storage;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Local;

/// <summary>How long a run stays with a process that is not heard of, and how a failed run is tried again.</summary>
public sealed record LocalBackendOptions
{
    /// <summary>After this time without a beat a run counts as abandoned. It must be longer than any pause of a process that goes on, and than the
    /// difference between the clocks of two machines.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan BeatInterval { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>
/// Keeps runs in the lake's database and answers by rules of its own. A process works on a run while it holds the run's lease; a process that has
/// ended on this machine is noticed at once, one on another machine when its lease ends.
/// </summary>
public sealed class LocalBackend : IRunLedger
{
    private readonly LakeDatabase _database;
    private readonly TimeProvider _clock;
    private readonly IdSource _ids;
    private readonly RunProcess _process;
    private readonly LocalBackendOptions _options;
    private readonly RunJournal _journal;
    private readonly TaskBook _tasks;

    /// <summary>Opens the ledger of runs, and creates its tables in a new lake.</summary>
    /// <param name="random">Spreads retries; seed it to repeat a run.</param>
    /// <param name="process">Who works on the runs; null for this process.</param>
    public LocalBackend(LakeDatabase database, TimeProvider clock, IdSource ids, Random random, LocalBackendOptions? options = null, RunProcess? process = null)
    {
        (_database, _clock, _ids, _options, _process) = (database, clock, ids, options ?? new LocalBackendOptions(), process ?? RunProcess.Current);
        EnsureTables(database);
        _journal = new RunJournal(database, _process.ToString());
        _tasks = new TaskBook(database, _journal, clock, ids, random);
    }

    public TimeSpan BeatInterval => _options.BeatInterval;

    internal static void EnsureTables(LakeDatabase database) =>
        database.EnsureTables("orchestration", 1, EmbeddedSql.Read(Assembly.GetExecutingAssembly(), "orchestration-tables.sql"));

    public Task<FlowRun> CreateFlowRunAsync(NewFlowRun run, CancellationToken cancellation)
    {
        var now = _clock.GetUtcNow();
        var made = new FlowRun
        {
            Id = _ids.Next(),
            Flow = run.Flow,
            Name = run.Name,
            Parameters = run.Parameters,
            Tags = run.Tags,
            Deployment = run.Deployment,
            ParentTaskRun = run.ParentTaskRun,
            CreatedAt = now,
            ScheduledFor = run.ScheduledFor,
            State = RunState.Scheduled(run.ScheduledFor ?? now) with { At = now },
        };
        return Task.FromResult(_database.WriteBeside(transaction =>
        {
            if (!Insert(transaction, made, run.IdempotencyKey))
                return transaction.First($"SELECT {FlowRunRow.Columns} FROM finks_flow_run WHERE idempotency_key = @key", FlowRunRow.Read, ("key", run.IdempotencyKey))!.Run;
            RecordState(transaction, made);
            return made;
        }));
    }

    public Task<FlowRun?> FindFlowRunAsync(Guid id, CancellationToken cancellation) =>
        Task.FromResult(_database.Read(reader => Find(reader, id)?.Run));

    public Task<FlowRun?> ReopenAsync(FlowRun run, CancellationToken cancellation) => Task.FromResult(Reopen(run.Id));

    public Task<FlowRun?> FindSubflowRunAsync(Guid parentTaskRun, CancellationToken cancellation) => Task.FromResult(_database.Read(reader => reader.First(
        $"SELECT {FlowRunRow.Columns} FROM finks_flow_run WHERE parent_task_run_id = @parent ORDER BY created_at DESC LIMIT 1", FlowRunRow.Read,
        ("parent", RunJournal.Text(parentTaskRun)))?.Run));

    public async Task<StateAnswer> ProposeAsync(FlowRun run, RunState state, Guid transition, bool force, CancellationToken cancellation)
    {
        if (state.Type != StateType.Running)
            await _journal.FlushAsync(cancellation);
        var answer = _database.WriteBeside(transaction => Propose(transaction, run, state, transition, force));
        if (answer is StateAnswer.Accepted accepted)
            Follow(run.Id, accepted.State);
        return answer;
    }

    public async Task<TaskRun> CreateTaskRunAsync(NewTaskRun task, CancellationToken cancellation)
    {
        await _journal.CatchUpAsync(cancellation);
        return _tasks.Create(task);
    }

    public Task<StateAnswer> ProposeAsync(TaskRun task, RunState state, CancellationToken cancellation) => Task.FromResult(_tasks.Propose(task, state));

    public Task<RunSignal> BeatAsync(FlowRun run, CancellationToken cancellation) => Task.FromResult(_database.WriteBeside(transaction =>
    {
        var now = _clock.GetUtcNow();
        var kept = transaction.Execute(
            "UPDATE finks_flow_run SET lease_until = @until WHERE flow_run_id = @id AND owner = @owner",
            ("until", UtcText.From(now + _options.Lease)), ("id", RunJournal.Text(run.Id)), ("owner", _process.ToString()));
        var found = kept == 0 ? null : Find(transaction, run.Id);
        transaction.Execute(
            "UPDATE finks_concurrency_slot SET lease_until = @until WHERE owner = @owner", ("until", UtcText.From(now + _options.Lease)), ("owner", _process.ToString()));
        return found is null || found.Run.State.IsFinal ? RunSignal.Lost : found.CancelReason is null ? RunSignal.Continue : RunSignal.Cancel;
    }));

    public Task<IAsyncDisposable?> TryAcquireAsync(IReadOnlyList<string> limits, Guid holder, CancellationToken cancellation)
    {
        var taken = _database.WriteBeside(transaction => ConcurrencySlots.TryTake(
            transaction, limits, holder, _process, _clock.GetUtcNow(), _clock.GetUtcNow() + _options.Lease));
        return Task.FromResult<IAsyncDisposable?>(taken ? new Slots(_database, holder) : null);
    }

    public void Log(RunLogLine line) => _journal.Add(line);

    public void Put(Guid flowRun, Guid? taskRun, Artifact artifact) => _journal.Add(flowRun, taskRun, artifact, _clock.GetUtcNow());

    public Task FlushAsync(CancellationToken cancellation) => _journal.FlushAsync(cancellation);

    /// <summary>Asks for a run to be cancelled. One that nobody works on is cancelled at once; another stops at its next beat.</summary>
    /// <returns>The state of the run then; null when there is no such run.</returns>
    public RunState? Cancel(Guid id, string reason) => _database.WriteBeside(transaction =>
    {
        if (Find(transaction, id) is not { } row || row.Run.State.IsFinal)
            return Find(transaction, id)?.Run.State;
        transaction.Execute("UPDATE finks_flow_run SET cancel_reason = @reason WHERE flow_run_id = @id", ("reason", reason), ("id", RunJournal.Text(id)));
        var isIdle = row.Owner is null || row.IsAbandoned(_clock.GetUtcNow());
        return Write(transaction, row.Run, isIdle ? RunState.Cancelled(reason) : RunState.Cancelling(reason), transition: null).State;
    });

    /// <summary>Finds runs that count as going on although nobody works on them any more, and calls them crashed.</summary>
    public IReadOnlyList<FlowRun> Sweep() => _database.WriteBeside(transaction =>
    {
        var now = _clock.GetUtcNow();
        var open = transaction.Query(
            $"SELECT {FlowRunRow.Columns} FROM finks_flow_run WHERE state IN ('Pending', 'Running', 'Cancelling', 'Paused', 'Scheduled') AND owner IS NOT NULL ORDER BY created_at",
            FlowRunRow.Read);
        return (IReadOnlyList<FlowRun>)[.. open.Where(row => row.IsAbandoned(now)).Select(row => Write(
            transaction,
            row.Run,
            row.Run.State.Type == StateType.Cancelling ? RunState.Cancelled("its process ended") : RunState.Crashed($"Its process ({row.Owner}) ended without a word."),
            transition: null))];
    });

    /// <summary>Makes a run that ended without success ready to go on from its finished tasks.</summary>
    /// <returns>The run, scheduled for now; null when there is none, or it completed, or a process works on it.</returns>
    public FlowRun? Reopen(Guid id) => _database.WriteBeside(transaction =>
    {
        var row = Find(transaction, id);
        if (row is null || row.Run.State.Type == StateType.Completed)
            return null;
        // Also this process may work on it, in another task.
        if (!row.Run.State.IsFinal && row.Owner is not null && !row.IsAbandoned(_clock.GetUtcNow()))
            return null;
        transaction.Execute("UPDATE finks_flow_run SET cancel_reason = NULL, owner = NULL, lease_until = NULL WHERE flow_run_id = @id", ("id", RunJournal.Text(id)));
        return Write(transaction, row.Run, RunState.Scheduled(_clock.GetUtcNow()) with { Message = "It is to go on." }, transition: null);
    });

    /// <inheritdoc/>
    public async Task KeepAsync(FlowRun run, CancellationToken cancellation)
    {
        await _journal.FlushAsync(cancellation);
        _database.WriteBeside(transaction =>
        {
            var isNew = Insert(transaction, run, idempotencyKey: null);
            if (!run.State.IsFinal)
                Take(transaction, run.Id, _clock.GetUtcNow());
            if (isNew)
                RecordState(transaction, run);
            else if (Find(transaction, run.Id)!.Run.State.At != run.State.At)
                Store(transaction, run, transition: null);
            // It was asked for while the run went on before.
            if (run.State.IsFinal)
                transaction.Execute("UPDATE finks_flow_run SET cancel_reason = NULL WHERE flow_run_id = @id", ("id", RunJournal.Text(run.Id)));
        });
        Follow(run.Id, run.State);
    }

    /// <inheritdoc/>
    public void Keep(TaskRun task) => _tasks.Keep(task);

    public async ValueTask DisposeAsync() => await _journal.FlushAsync(CancellationToken.None);

    private static FlowRunRow? Find(LedgerReader reader, Guid id) => reader.First(
        $"SELECT {FlowRunRow.Columns} FROM finks_flow_run WHERE flow_run_id = @id", FlowRunRow.Read, ("id", RunJournal.Text(id)));

    private StateAnswer Propose(LedgerTransaction transaction, FlowRun run, RunState state, Guid transition, bool force)
    {
        // Locks the row, so that of two processes the second reads what the first has written.
        transaction.Execute("UPDATE finks_flow_run SET flow = flow WHERE flow_run_id = @id", ("id", RunJournal.Text(run.Id)));
        if (Find(transaction, run.Id) is not { } row)
            return new StateAnswer.Aborted($"There is no flow run {run.Id}.");
        var now = _clock.GetUtcNow();
        if (row.Transition == RunJournal.Text(transition))
            return new StateAnswer.Accepted(row.Run.State);
        var answer = FlowRules.Answer(row.Run, state, row.IsFreeFor(_process, now), RetryDelay(run, row.Run), force, now);
        switch (answer)
        {
            case StateAnswer.Accepted accepted:
                if (!accepted.State.IsFinal)
                    Take(transaction, run.Id, now);
                return new StateAnswer.Accepted(Write(transaction, row.Run, accepted.State, transition).State);
            case StateAnswer.Rejected rejected when rejected.State != row.Run.State:
                return rejected with { State = Write(transaction, row.Run, rejected.State, transition).State };
            default:
                return answer;
        }
    }

    /// <summary>Inserts a run unless one is there with its identifier or key; says whether it did.</summary>
    private static bool Insert(LedgerTransaction transaction, FlowRun run, string? idempotencyKey) => transaction.Execute(
        $"""
        INSERT INTO finks_flow_run ({FlowRunRow.Columns}, idempotency_key)
        VALUES (@id, @flow, @name, @parameters, @tags, @deployment, @parent, @created, @scheduled, @started, @ended, @count, @state, @state_name, @message, @at,
            @not_before, @result, NULL, NULL, NULL, NULL, @key)
        ON CONFLICT DO NOTHING
        """,
        ("id", RunJournal.Text(run.Id)), ("flow", run.Flow), ("name", run.Name), ("parameters", run.Parameters.ToJsonString()),
        ("tags", JsonSerializer.Serialize(run.Tags)), ("deployment", run.Deployment), ("parent", run.ParentTaskRun is { } parent ? RunJournal.Text(parent) : null),
        ("created", UtcText.From(run.CreatedAt)), ("scheduled", Text(run.ScheduledFor)), ("started", Text(run.StartedAt)), ("ended", Text(run.EndedAt)),
        ("count", (long)run.RunCount), ("state", run.State.Type.ToString()), ("state_name", run.State.Name), ("message", run.State.Message),
        ("at", UtcText.From(run.State.At!.Value)), ("not_before", Text(run.State.NotBefore)), ("result", run.State.Result), ("key", idempotencyKey)) > 0;

    private static string? Text(DateTimeOffset? time) => time is { } t ? UtcText.From(t) : null;

    private void Follow(Guid run, RunState state)
    {
        if (state.Type == StateType.Running)
            _tasks.Open(run);
        else if (state.IsFinal)
            _tasks.Close(run);
    }

    /// <summary>The rules of a flow's retries are the engine's, which has them from the flow.</summary>
    private static TimeSpan? RetryDelay(FlowRun asked, FlowRun stored) => stored.RunCount <= asked.Retries ? asked.RetryDelay : null;

    private void Take(LedgerTransaction transaction, Guid id, DateTimeOffset now) => transaction.Execute(
        "UPDATE finks_flow_run SET owner = @owner, lease_until = @until WHERE flow_run_id = @id",
        ("owner", _process.ToString()), ("until", UtcText.From(now + _options.Lease)), ("id", RunJournal.Text(id)));

    private FlowRun Write(LedgerTransaction transaction, FlowRun run, RunState state, Guid? transition)
    {
        var now = _clock.GetUtcNow();
        var begins = state.Type == StateType.Running;
        var written = run with
        {
            State = state with { At = now },
            RunCount = run.RunCount + (begins ? 1 : 0),
            StartedAt = begins ? run.StartedAt ?? now : run.StartedAt,
            EndedAt = state.IsFinal ? now : null,
        };
        Store(transaction, written, transition);
        return written;
    }

    private static void Store(LedgerTransaction transaction, FlowRun run, Guid? transition)
    {
        transaction.Execute(
            """
            UPDATE finks_flow_run SET state = @state, state_name = @name, message = @message, state_at = @at, not_before = @not_before, result = @result,
                transition = @transition, run_count = @count, started_at = @started, ended_at = @ended
            WHERE flow_run_id = @id
            """,
            ("state", run.State.Type.ToString()), ("name", run.State.Name), ("message", run.State.Message), ("at", UtcText.From(run.State.At!.Value)),
            ("not_before", Text(run.State.NotBefore)), ("result", run.State.Result), ("transition", transition is { } t ? RunJournal.Text(t) : null),
            ("count", (long)run.RunCount), ("started", Text(run.StartedAt)), ("ended", Text(run.EndedAt)), ("id", RunJournal.Text(run.Id)));
        RecordState(transaction, run);
    }

    private static void RecordState(LedgerTransaction transaction, FlowRun run)
    {
        var states = transaction.Scalar<long>("SELECT count(*) FROM finks_run_state WHERE run_id = @run", ("run", RunJournal.Text(run.Id)));
        transaction.InsertMany("finks_run_state", ["run_id", "sequence", "state", "name", "message", "at"], [RunJournal.StateRow(run.Id, (int)states + 1, run.State)]);
    }

    private sealed class Slots(LakeDatabase database, Guid holder) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            database.WriteBeside(transaction => ConcurrencySlots.Release(transaction, holder));
            return ValueTask.CompletedTask;
        }
    }
}
