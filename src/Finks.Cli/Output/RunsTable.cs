using System.Globalization;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;
using Spectre.Console;

namespace Finks.Cli.Output;

/// <summary>Flow runs, a line each.</summary>
internal static class RunsTable
{
    public static Table Of(IReadOnlyList<FlowRun> runs, DateTimeOffset now)
    {
        var table = new Table().Border(TableBorder.Simple)
            .AddColumn(new TableColumn("run").NoWrap()).AddColumn(new TableColumn("flow").NoWrap()).AddColumn(new TableColumn("state").NoWrap())
            .AddColumn(new TableColumn("began (UTC)").NoWrap()).AddColumn(new TableColumn("took").NoWrap().RightAligned()).AddColumn("what");
        foreach (var run in runs)
        {
            table.AddRow(
                new Text(run.Id.ToString("D", CultureInfo.InvariantCulture)), new Text(run.Flow), new Markup(State(run.State)), new Text(Time(run.StartedAt ?? run.ScheduledFor ?? run.CreatedAt)),
                new Text(Took(run.StartedAt, run.EndedAt ?? (run.State.Type == StateType.Running ? now : null))),
                new Text((run.RunCount > 1 ? $"begun {run.RunCount} times. " : "") + FirstLine(run.State.Message)));
        }

        return table;
    }

    /// <summary>A state's name in the colour that it has for people.</summary>
    internal static string State(RunState state)
    {
        var colour = state.Type switch
        {
            StateType.Completed => "green",
            StateType.Failed or StateType.Crashed => "red",
            StateType.Cancelled or StateType.Cancelling or StateType.Paused => "yellow",
            StateType.Running => "blue",
            _ => "grey",
        };
        return $"[{colour}]{Markup.Escape(state.Name)}[/]";
    }

    internal static string Took(DateTimeOffset? from, DateTimeOffset? to) => (to - from) switch
    {
        null => "",
        { TotalMinutes: < 2 } span => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s"),
        { } span => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours}:{span.Minutes:00}:{span.Seconds:00}"),
    };

    internal static string FirstLine(string? text) => text?.Split('\n')[0].Trim() ?? "";

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
