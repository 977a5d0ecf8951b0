using System.Globalization;
using Finks.Orchestration;
using Finks.Orchestration.Runs;

namespace Finks.Cli.Output;

/// <summary>A run as lines with their times, for the output of a process that nobody watches.</summary>
internal sealed class LogLines(TextWriter writer) : IFlowObserver
{
    private readonly Lock _lock = new();

    public void FlowStarted(FlowRun run) => Write(run.State.At, $"{run.Flow}: {run.State.Name} ({run.Id})");

    public void TaskStarted(FlowRun run, TaskRun task) => Write(task.State.At, $"{run.Flow}/{task.Task} {task.Key}: {task.State.Name}");

    public void TaskProgressed(FlowRun run, TaskRun task, string doing, double? fraction)
    {
    }

    public void TaskEnded(FlowRun run, TaskRun task, object? result) => Write(task.State.At, $"{run.Flow}/{task.Task} {task.Key}: {task.State.Name}");

    public void FlowEnded(FlowRun run) => Write(run.State.At, $"{run.Flow}: {run.State.Name}");

    public void Logged(RunLogLine line) => Write(line.At, $"{line.Level}: {line.Message}");

    private void Write(DateTimeOffset? at, string text)
    {
        lock (_lock)
            writer.WriteLine($"{at?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture)} {text}");
    }
}
