using System.Collections.Concurrent;
using Finks.Orchestration.Engine;
using Finks.Orchestration.Runs;

namespace Finks.Orchestration;

/// <summary>What a flow works with while it runs. Safe for use by several threads at once.</summary>
public sealed class FlowContext
{
    private readonly FlowExecution _execution;
    private readonly ConcurrentDictionary<string, int> _calls = [];

    internal FlowContext(FlowExecution execution, CancellationToken cancellation) => (_execution, Cancellation) = (execution, cancellation);

    public FlowRun Run => _execution.Run;

    /// <summary>Cancelled when the run is to stop: somebody asked for it, its time is up, or it belongs to another process now.</summary>
    public CancellationToken Cancellation { get; }

    public void Log(LogLevel level, string message) => _execution.Log(null, level, message);

    /// <summary>Leaves something for people to look at.</summary>
    public void Put(Artifact artifact) => _execution.Backend.Put(Run.Id, null, artifact);

    /// <summary>Says how the run is to be summed up when it completes; null, the default, for nothing to say.</summary>
    public void Conclude(string message) => _execution.Conclusion = message;

    /// <summary>Runs a task, or gives what it returned when it has completed before in this run.</summary>
    /// <param name="key">Tells runs of one task apart. Default: 0 for the first call in this flow run, 1 for the second; give one where calls are made at once.</param>
    /// <param name="inputs">Task runs whose results it uses.</param>
    public Task<TaskResult<T>> RunAsync<T>(TaskSpec task, Func<TaskContext, Task<T>> body, string? key = null, params Guid[] inputs) =>
        TaskExecution.RunAsync(_execution, task, key ?? NextKey(task.Name), inputs, body, Cancellation);

    /// <summary>Runs a task for each item, some at once. All are run; then the first error, if any, is thrown.</summary>
    /// <param name="key">Tells the items apart, the same in every attempt.</param>
    /// <param name="atOnce">How many run at once.</param>
    /// <returns>The results in the order of the items.</returns>
    /// <exception cref="TasksFailedException">At least one failed.</exception>
    public async Task<IReadOnlyList<TaskResult<TResult>>> MapAsync<TItem, TResult>(
        TaskSpec task, IReadOnlyList<TItem> items, Func<TItem, string> key, Func<TaskContext, TItem, Task<TResult>> body, int atOnce, params Guid[] inputs)
    {
        var results = new TaskResult<TResult>[items.Count];
        var failures = new ConcurrentQueue<(string Key, Exception Error)>();
        var twice = items.CountBy(key).FirstOrDefault(k => k.Value > 1).Key;
        if (twice is not null)
            throw new ArgumentException($"Task {task.Name} is mapped over two items with the key {twice}.", nameof(items));
        await Parallel.ForAsync(0, items.Count, new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = Cancellation }, async (i, _) =>
        {
            try
            {
                results[i] = await TaskExecution.RunAsync(_execution, task, key(items[i]), inputs, context => body(context, items[i]), Cancellation);
            }
            catch (Exception error) when (error is not OperationCanceledException || !Cancellation.IsCancellationRequested)
            {
                failures.Enqueue((key(items[i]), error));
            }
        });
        if (failures.OrderBy(f => f.Key, StringComparer.Ordinal).FirstOrDefault() is { Error: { } first } failure)
            throw new TasksFailedException($"{failures.Count:N0} of {items.Count:N0} runs of task {task.Name} failed; the first ({failure.Key}): {first.Message}", first);
        return results;
    }

    /// <summary>Runs another flow as a part of this one, or passes over it when it has completed before in this run.</summary>
    /// <exception cref="Exception">What the subflow threw.</exception>
    public Task<Guid> RunAsync<TParameters>(Flow<TParameters> flow, TParameters parameters, string? key = null, params Guid[] inputs)
        where TParameters : class =>
        SubflowExecution.RunAsync(_execution, flow, Flow<TParameters>.Write(parameters), key ?? NextKey(flow.Name), inputs, Cancellation);

    private string NextKey(string name) =>
        (_calls.AddOrUpdate(name, 1, (_, n) => n + 1) - 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>What a task works with while it runs.</summary>
public sealed class TaskContext
{
    private readonly FlowExecution _execution;

    internal TaskContext(FlowExecution execution, TaskRun run, CancellationToken cancellation) => (_execution, Run, Cancellation) = (execution, run, cancellation);

    public TaskRun Run { get; }

    public FlowRun FlowRun => _execution.Run;

    /// <summary>Cancelled when the task is to stop. The engine waits until it does.</summary>
    public CancellationToken Cancellation { get; }

    public void Log(LogLevel level, string message) => _execution.Log(Run.Id, level, message);

    /// <summary>Leaves something for people to look at.</summary>
    public void Put(Artifact artifact) => _execution.Backend.Put(FlowRun.Id, Run.Id, artifact);

    /// <summary>Tells how far the task is.</summary>
    /// <param name="fraction">From 0 to 1; null when unknown.</param>
    public void Report(string doing, double? fraction) => _execution.Observer.TaskProgressed(FlowRun, Run, doing, fraction);
}

/// <summary>Some runs of a mapped task failed.</summary>
public sealed class TasksFailedException(string message, Exception first) : Exception(message, first);
