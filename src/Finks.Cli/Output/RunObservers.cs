using System.Globalization;
using Finks.Pipelines;
using Finks.Pipelines.Stages;
using Spectre.Console;

namespace Finks.Cli.Output;

/// <summary>Shows a run: live bars in a terminal, plain lines in a pipe.</summary>
internal static class RunDisplay
{
    public static async Task<RunSummary> ShowAsync(Func<IRunObserver, Task<RunSummary>> run)
    {
        if (Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive)
            return await run(new PlainObserver());

        var summary = await AnsiConsole.Progress().AutoClear(true).HideCompleted(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new SpinnerColumn(), new ElapsedTimeColumn())
            .StartAsync(context => run(new LiveObserver(context)));
        foreach (var stage in summary.Stages)
            PlainObserver.Write(stage);
        return summary;
    }

    private sealed class LiveObserver(ProgressContext context) : IRunObserver
    {
        private readonly Dictionary<string, ProgressTask> _tasks = [];

        public void StageStarted(string stage) => _tasks[stage] = context.AddTask(stage, maxValue: 1);

        public void StageProgressed(string stage, StageProgress progress)
        {
            var task = _tasks[stage];
            task.Description = Markup.Escape($"{stage,-10} {progress.Doing}");
            task.IsIndeterminate = progress.Fraction is null;
            task.Value = progress.Fraction ?? 0;
        }

        public void StageEnded(StageRecord stage)
        {
            _tasks[stage.Stage].Value = 1;
            _tasks[stage.Stage].StopTask();
        }
    }

    private sealed class PlainObserver : IRunObserver
    {
        public static void Write(StageRecord stage)
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{stage.Stage,-10} {stage.Took.TotalSeconds,6:0.00} s  {stage.Outcome.Summary}"));
            foreach (var note in stage.Outcome.Notes)
                Console.Out.WriteLine($"{"",-10}         {note.ReplaceLineEndings(" ")}");
        }

        public void StageStarted(string stage)
        {
        }

        public void StageProgressed(string stage, StageProgress progress)
        {
        }

        public void StageEnded(StageRecord stage) => Write(stage);
    }
}
