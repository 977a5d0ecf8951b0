using System.Runtime.ExceptionServices;
using System.Text.Json;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Engine;

/// <summary>Takes one task from Pending to its end, as the backend rules.</summary>
internal static class TaskExecution
{
    private static readonly TimeSpan SlotPoll = TimeSpan.FromMilliseconds(250);

    public static async Task<TaskResult<T>> RunAsync<T>(
        FlowExecution execution, TaskSpec spec, string key, Guid[] inputs, Func<TaskContext, Task<T>> body, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var task = await execution.Backend.CreateTaskRunAsync(
            new NewTaskRun { FlowRun = execution.Run.Id, Task = spec.Name, Key = key, Policy = spec.Policy, Tags = spec.Tags, Inputs = inputs, IsUnit = spec.IsUnit }, cancellation);
        while (true)
        {
            var (ended, value, error) = await AttemptWithSlotsAsync(execution, spec, task, body, cancellation);
            task = task with { State = ended, RunCount = task.RunCount + 1 };
            if (ended.Type == StateType.Completed)
                return new TaskResult<T>(value!, task.Id);
            if (ended.Type != StateType.Scheduled)
                throw error is null ? new RunStoppedException($"Task {spec.Name} ({key}) ended as {ended.Name}. {ended.Message}") : Rethrow(error);
            execution.Log(task.Id, LogLevel.Warning, $"It is tried again at {ended.NotBefore:HH:mm:ss} UTC.");
            await WaitUntilAsync(execution, ended.NotBefore, cancellation);
        }
    }

    private static async Task<(RunState Ended, T? Value, Exception? Error)> AttemptWithSlotsAsync<T>(
        FlowExecution execution, TaskSpec spec, TaskRun task, Func<TaskContext, Task<T>> body, CancellationToken cancellation)
    {
        await using var slots = await AcquireAsync(execution, spec, task, cancellation);
        var begun = await ProposeAsync(execution, task, RunState.Running(), cancellation);
        if (begun.Type == StateType.Completed)
        {
            task = task with { State = begun };
            var known = Read<T>(task);
            execution.Observer.TaskEnded(execution.Run, task, known);
            return (begun, known, null);
        }

        if (begun.Type != StateType.Running)
            throw new RunStoppedException($"Task {task.Task} ({task.Key}) may not run: its state is {begun.Name}. {begun.Message}");
        task = task with { State = begun, RunCount = task.RunCount + 1 };
        execution.Observer.TaskStarted(execution.Run, task);
        var (outcome, value, error) = await AttemptAsync(execution, spec, task, body, cancellation);

        // Not cancelled: what was done is told, whatever ends the run.
        var ended = await ProposeAsync(execution, task, outcome, CancellationToken.None);
        execution.Observer.TaskEnded(execution.Run, task with { State = ended }, value);
        return (ended, value, error);
    }

    private static async Task<(RunState Outcome, T? Value, Exception? Error)> AttemptAsync<T>(
        FlowExecution execution, TaskSpec spec, TaskRun task, Func<TaskContext, Task<T>> body, CancellationToken cancellation)
    {
        using var time = spec.Timeout is { } limit ? new CancellationTokenSource(limit, execution.Clock) : null;
        using var both = time is null ? null : CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellation);
        try
        {
            var value = await body(new TaskContext(execution, task, both?.Token ?? cancellation));
            return (RunState.Completed(result: JsonSerializer.Serialize(value, Flow.Json)), value, null);
        }
        catch (OperationCanceledException error) when (cancellation.IsCancellationRequested)
        {
            return (RunState.Cancelled("The run was stopped."), default, error);
        }
        catch (Exception error) when (time?.IsCancellationRequested == true && error is OperationCanceledException or TimeoutException)
        {
            var message = $"Task {spec.Name} took longer than its limit of {spec.Timeout}.";
            execution.Log(task.Id, LogLevel.Error, message);
            return (RunState.TimedOut(message), default, new TimeoutException(message, error));
        }
        catch (Exception error)
        {
            execution.Log(task.Id, LogLevel.Error, error.Message);
            return (RunState.Failed(error.Message, spec.IsTransient(error)), default, error);
        }
    }

    /// <summary>The state that holds after the proposal.</summary>
    private static async Task<RunState> ProposeAsync(FlowExecution execution, TaskRun task, RunState state, CancellationToken cancellation)
    {
        while (true)
        {
            switch (await execution.Backend.ProposeAsync(task, state, cancellation))
            {
                case StateAnswer.Accepted accepted:
                    return accepted.State;
                case StateAnswer.Rejected rejected:
                    if (state.Type == StateType.Running && rejected.State is { Type: StateType.Scheduled, NotBefore: { } time })
                        await WaitUntilAsync(execution, time, cancellation);
                    else
                        return rejected.State;
                    break;
                case StateAnswer.Wait wait:
                    await Task.Delay(wait.Delay, execution.Clock, cancellation);
                    break;
                case StateAnswer.Aborted aborted:
                    throw new RunStoppedException(aborted.Reason);
            }
        }
    }

    private static async Task<IAsyncDisposable?> AcquireAsync(FlowExecution execution, TaskSpec spec, TaskRun task, CancellationToken cancellation)
    {
        while (spec.Limits.Count > 0)
        {
            if (await execution.Backend.TryAcquireAsync(spec.Limits, task.Id, cancellation) is { } slots)
                return slots;
            await Task.Delay(SlotPoll, execution.Clock, cancellation);
        }

        return null;
    }

    private static Task WaitUntilAsync(FlowExecution execution, DateTimeOffset? time, CancellationToken cancellation) =>
        time - execution.Clock.GetUtcNow() is { } wait && wait > TimeSpan.Zero ? Task.Delay(wait, execution.Clock, cancellation) : Task.CompletedTask;

    private static T Read<T>(TaskRun task)
    {
        try
        {
            return task.State.Result is { } json ? JsonSerializer.Deserialize<T>(json, Flow.Json)! : default!;
        }
        catch (JsonException error)
        {
            throw new InvalidOperationException($"Task {task.Task} ({task.Key}) of an earlier attempt returned what this program cannot read: {error.Message}", error);
        }
    }

    private static Exception Rethrow(Exception error)
    {
        ExceptionDispatchInfo.Throw(error);
        return error;
    }
}
