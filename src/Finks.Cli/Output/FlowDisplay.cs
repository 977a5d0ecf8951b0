using System.Collections.Concurrent;
using System.Globalization;
using Finks.Orchestration;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;
using Finks.Pipelines.Flows;
using Finks.Pipelines.Stages;
using Spectre.Console;

namespace Finks.Cli.Output;

/// <summary>Shows a run: live bars in a terminal, plain lines in a pipe.</summary>
internal static class FlowDisplay
{
    public static async Task<FlowSummary> ShowAsync(Func<IFlowObserver, Task<FlowSummary>> run)
    {
        var lines = new Lines();
        if (Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive)
            return await run(lines);

        lines.IsHeldBack = true;
        try
        {
            return await AnsiConsole.Progress().AutoClear(true).HideCompleted(false)
                .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new SpinnerColumn(), new ElapsedTimeColumn())
                .StartAsync(context => run(new Bars(context, lines)));
        }
        finally
        {
            lines.Release();
        }
    }

    /// <summary>A line for each stage that has ended, and what the user should know about it.</summary>
    private sealed class Lines : IFlowObserver
    {
        private readonly ConcurrentDictionary<Guid, long> _begun = [];
        private readonly ConcurrentQueue<string> _held = [];

        public bool IsHeldBack { get; set; }

        public void FlowStarted(FlowRun run)
        {
        }

        public void TaskStarted(FlowRun run, TaskRun task) => _begun[task.Id] = Composition.Clock.GetTimestamp();

        public void TaskProgressed(FlowRun run, TaskRun task, string doing, double? fraction)
        {
        }

        public void TaskEnded(FlowRun run, TaskRun task, object? result)
        {
            if (task.State.Type == StateType.Scheduled)
                Write($"{task.Task,-10}           {task.State.Message?.ReplaceLineEndings(" ")}; tried again at {task.State.NotBefore:HH:mm:ss} UTC");
            if (result is not StageOutcome outcome)
                return;
            Write(_begun.TryRemove(task.Id, out var begun)
                ? string.Create(CultureInfo.InvariantCulture, $"{task.Task,-10} {Composition.Clock.GetElapsedTime(begun).TotalSeconds,6:0.00} s  {outcome.Summary}")
                : $"{task.Task,-10}   done before  {outcome.Summary}");
            foreach (var note in outcome.Notes)
                Write($"{"",-10}         {note.ReplaceLineEndings(" ")}");
        }

        public void FlowEnded(FlowRun run)
        {
        }

        public void Logged(RunLogLine line)
        {
        }

        public void Release()
        {
            IsHeldBack = false;
            while (_held.TryDequeue(out var line))
                Console.Out.WriteLine(line);
        }

        private void Write(string line)
        {
            if (IsHeldBack)
                _held.Enqueue(line);
            else
                Console.Out.WriteLine(line);
        }
    }

    private sealed class Bars(ProgressContext context, Lines lines) : IFlowObserver
    {
        private readonly ConcurrentDictionary<Guid, ProgressTask> _tasks = [];

        public void FlowStarted(FlowRun run) => lines.FlowStarted(run);

        public void TaskStarted(FlowRun run, TaskRun task)
        {
            lines.TaskStarted(run, task);
            if (!_tasks.ContainsKey(task.Id))
                _tasks[task.Id] = context.AddTask(Markup.Escape(task.Task), maxValue: 1);
        }

        public void TaskProgressed(FlowRun run, TaskRun task, string doing, double? fraction)
        {
            var bar = _tasks[task.Id];
            bar.Description = Markup.Escape($"{task.Task,-10} {doing}");
            bar.IsIndeterminate = fraction is null;
            bar.Value = fraction ?? 0;
        }

        public void TaskEnded(FlowRun run, TaskRun task, object? result)
        {
            lines.TaskEnded(run, task, result);
            if (!task.State.IsFinal || !_tasks.TryGetValue(task.Id, out var bar))
                return;
            bar.Value = 1;
            bar.StopTask();
        }

        public void FlowEnded(FlowRun run) => lines.FlowEnded(run);

        public void Logged(RunLogLine line) => lines.Logged(line);
    }
}
