using System.Globalization;
using Finks.Orchestration;
using Finks.Orchestration.Runs;

namespace Finks.Cli.Output;

/// <summary>A run as lines for the output of a process that nobody watches, each with its time and its flow run.</summary>
internal sealed class LogLines(TextWriter writer) : IFlowObserver
{
    private readonly Lock _lock = new();

    public void FlowStarted(FlowRun run) => Write(run.State.At, run.Id, $"{run.Flow}: {run.State.Name}");

    public void TaskStarted(FlowRun run, TaskRun task) => Write(task.State.At, run.Id, $"{run.Flow}/{task.Task} {task.Key}: {task.State.Name}");

    public void TaskProgressed(FlowRun run, TaskRun task, string doing, double? fraction)
    {
    }

    public void TaskEnded(FlowRun run, TaskRun task, object? result) => TaskStarted(run, task);

    public void FlowEnded(FlowRun run) => Write(run.State.At, run.Id, $"{run.Flow}: {run.State.Name}{(run.State.Message is { } why ? ": " + why : "")}");

    public void Logged(RunLogLine line) => Write(line.At, line.FlowRun, $"{line.Level}: {line.Message}");

    private void Write(DateTimeOffset? at, Guid run, string text)
    {
        var begin = $"{at?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture)} {run} ";
        lock (_lock)
        {
            foreach (var line in text.Split('\n'))
                writer.WriteLine(begin + line);
        }
    }
}
