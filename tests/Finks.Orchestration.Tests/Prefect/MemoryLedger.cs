using System.Collections.Concurrent;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Tests.Prefect;

/// <summary>A ledger that says yes to all, and keeps what it was told.</summary>
internal sealed class MemoryLedger(TimeProvider time) : IRunLedger
{
    private int _last;

    public ConcurrentDictionary<Guid, FlowRun> Runs { get; } = new();

    public ConcurrentDictionary<Guid, TaskRun> Tasks { get; } = new();

    public ConcurrentQueue<RunLogLine> Lines { get; } = new();

    public ConcurrentDictionary<string, FlowRun> ByKey { get; } = new();

    public TimeSpan BeatInterval => TimeSpan.FromSeconds(5);

    public Task<FlowRun> CreateFlowRunAsync(NewFlowRun run, CancellationToken cancellation)
    {
        var made = ByKey.GetOrAdd(run.IdempotencyKey ?? NextId().ToString(), _ => new FlowRun
        {
            Id = NextId(),
            Name = run.Name,
            Flow = run.Flow,
            State = RunState.Scheduled(time.GetUtcNow()),
            Parameters = run.Parameters,
            CreatedAt = time.GetUtcNow(),
        });
        Runs.TryAdd(made.Id, made);
        return Task.FromResult(made);
    }

    public Task<FlowRun?> FindFlowRunAsync(Guid id, CancellationToken cancellation) => Task.FromResult(Runs.GetValueOrDefault(id));

    public Task<StateAnswer> ProposeAsync(FlowRun run, RunState state, Guid transition, bool force, CancellationToken cancellation)
    {
        Runs[run.Id] = Runs[run.Id] with { State = state };
        return Task.FromResult<StateAnswer>(new StateAnswer.Accepted(state));
    }

    public Task<TaskRun> CreateTaskRunAsync(NewTaskRun task, CancellationToken cancellation)
    {
        var made = new TaskRun { Id = NextId(), FlowRun = task.FlowRun, Task = task.Task, Key = task.Key, State = RunState.Pending(), Policy = task.Policy };
        Tasks[made.Id] = made;
        return Task.FromResult(made);
    }

    public Task<StateAnswer> ProposeAsync(TaskRun task, RunState state, CancellationToken cancellation)
    {
        Assert.Equal(Tasks[task.Id].FlowRun, task.FlowRun);
        Tasks[task.Id] = task with { State = state };
        return Task.FromResult<StateAnswer>(new StateAnswer.Accepted(state));
    }

    public Task<FlowRun?> FindSubflowRunAsync(Guid parentTaskRun, CancellationToken cancellation) => Task.FromResult<FlowRun?>(null);

    public Task<FlowRun?> ReopenAsync(FlowRun run, CancellationToken cancellation) => Task.FromResult<FlowRun?>(run);

    public Task<RunSignal> BeatAsync(FlowRun run, CancellationToken cancellation) => Task.FromResult(RunSignal.Continue);

    public Task<IAsyncDisposable?> TryAcquireAsync(IReadOnlyList<string> limits, Guid holder, CancellationToken cancellation) =>
        throw new NotSupportedException("The server rules over slots.");

    public void Log(RunLogLine line) => Lines.Enqueue(line);

    public void Put(Guid flowRun, Guid? taskRun, Artifact artifact) => Lines.Enqueue(new RunLogLine(flowRun, taskRun, default, LogLevel.Info, artifact.Key));

    public Task FlushAsync(CancellationToken cancellation) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public Task KeepAsync(FlowRun run, CancellationToken cancellation)
    {
        Runs[run.Id] = run;
        return Task.CompletedTask;
    }

    public void Keep(TaskRun task) => Tasks[task.Id] = task;

    private Guid NextId() => new(Interlocked.Increment(ref _last), 0x1ed6, 0, new byte[8]);
}
