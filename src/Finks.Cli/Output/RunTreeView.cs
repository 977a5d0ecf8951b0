using System.Globalization;
using Finks.Orchestration.Local;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;
using Finks.Pipelines.Flows;
using Spectre.Console;

namespace Finks.Cli.Output;

/// <summary>A run with its tasks and subflows as a tree.</summary>
internal static class RunTreeView
{
    private const int UnitsShown = 10;

    /// <param name="wholeLog">Whether to show all log lines; otherwise those of warnings and errors.</param>
    public static Tree Of(RunTree run, DateTimeOffset now, bool wholeLog)
    {
        var tree = new Tree(Title(run, now));
        Fill(tree, run, now, wholeLog);
        return tree;
    }

    private static string Title(RunTree run, DateTimeOffset now)
    {
        var r = run.Run;
        var took = RunsTable.Took(r.StartedAt, r.EndedAt ?? (r.State.Type == StateType.Running ? now : null));
        return $"{RunsTable.State(r.State)} [bold]{Markup.Escape(r.ParentTaskRun is null ? r.Name : r.Flow)}[/] {took} {Times(r.RunCount)}[grey]{r.Id:D}[/]";
    }

    private static void Fill(IHasTreeNodes node, RunTree run, DateTimeOffset now, bool wholeLog)
    {
        node.AddNode($"[grey]{Markup.Escape(string.Join(" → ", run.States.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Name} {s.At!.Value.UtcDateTime:HH:mm:ss}"))))}[/]");
        if (run.Run.State is { Type: not StateType.Completed, Message: { } why })
            node.AddNode(Markup.Escape(why));
        else if (run.Run.State.Message is { } conclusion)
            node.AddNode($"[yellow]{Markup.Escape(conclusion)}[/]");
        foreach (var task in run.Tasks.Where(t => !t.IsUnit))
            Add(node, task, run.Log, now, wholeLog);
        foreach (var units in run.Tasks.Where(t => t.IsUnit).GroupBy(t => t.Run.Task))
            AddUnits(node, [.. units], run.Log, now, wholeLog);
        Log(node, run.Log.Where(l => l.TaskRun is null), wholeLog);
    }

    private static void Add(IHasTreeNodes parent, TaskNode task, IReadOnlyList<RunLogLine> log, DateTimeOffset now, bool wholeLog)
    {
        if (task.Subflow is { } subflow)
        {
            Fill(parent.AddNode(Title(subflow, now)), subflow, now, wholeLog);
            return;
        }

        var r = task.Run;
        var took = RunsTable.Took(r.StartedAt, r.EndedAt ?? (r.State.Type == StateType.Running ? now : null));
        var key = r.Key == "0" ? "" : $" {Markup.Escape(r.Key)}";
        var node = parent.AddNode($"{RunsTable.State(r.State)} {Markup.Escape(r.Task)}{key} {took} {Times(r.RunCount)}{Markup.Escape(Summary(r))}");
        if (r.RunCount > 1)
            node.AddNode($"[grey]{Markup.Escape(string.Join(" → ", task.States.Select(s => s.Name)))}[/]");
        Log(node, log.Where(l => l.TaskRun == r.Id), wholeLog);
    }

    /// <summary>Many alike are counted; those that did not complete are shown.</summary>
    private static void AddUnits(IHasTreeNodes parent, IReadOnlyList<TaskNode> units, IReadOnlyList<RunLogLine> log, DateTimeOffset now, bool wholeLog)
    {
        var states = string.Join(", ", units.GroupBy(u => u.Run.State.Name).OrderBy(g => g.Key).Select(g => $"{g.Count():N0} {g.Key}"));
        var node = parent.AddNode(Markup.Escape($"{units[0].Run.Task}: {states}"));
        var open = units.Where(u => u.Run.State.Type != StateType.Completed).ToList();
        foreach (var unit in open.Take(UnitsShown))
            Add(node, unit, log, now, wholeLog);
        if (open.Count > UnitsShown)
            node.AddNode($"… and {open.Count - UnitsShown:N0} more");
    }

    private static void Log(IHasTreeNodes node, IEnumerable<RunLogLine> lines, bool whole)
    {
        foreach (var line in lines.Where(l => whole || l.Level >= LogLevel.Warning))
        {
            var colour = line.Level switch
            {
                LogLevel.Error => "red",
                LogLevel.Warning => "yellow",
                _ => "grey",
            };
            node.AddNode($"[{colour}]{line.At.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} {Markup.Escape(line.Message)}[/]");
        }
    }

    private static string Times(int count) => count > 1 ? $"({count} attempts) " : "";

    private static string Summary(TaskRun task) => task.State.Type switch
    {
        StateType.Completed => StageResults.SummaryOf(task) ?? "",
        _ => RunsTable.FirstLine(task.State.Message),
    };
}
