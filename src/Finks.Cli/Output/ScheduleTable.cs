using System.Globalization;
using Finks.Orchestration.Prefect.Deploying;
using Finks.Orchestration.Scheduling;
using Spectre.Console;

namespace Finks.Cli.Output;

/// <summary>Schedules, a line each.</summary>
internal static class ScheduleTable
{
    public static void Write(IReadOnlyList<LocalSchedule> schedules, IScheduleLedger ledger, DateTimeOffset now)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in new[] { "schedule", "when", "missed times", "last (UTC)", "next (UTC)" })
            table.AddColumn(new TableColumn(column).NoWrap());
        foreach (var (flow, isOn) in schedules)
        {
            var status = ledger.Status(flow.Name, now);
            var next = !isOn ? "off in the file" : status.IsPaused ? "paused" : Time(flow.Schedule.NextAfter(now));
            table.AddRow(new Text(flow.Name), new Text($"{flow.Schedule}"), new Text(CatchUpOf(flow)), new Text(Time(status.LastFired)), new Text(next));
        }

        RowFormats.WideConsole().Write(table);
    }

    private static string CatchUpOf(ScheduledFlow flow) => flow.CatchUp switch
    {
        CatchUp.All => "all run",
        CatchUp.Skip => "none runs",
        _ => "the latest runs",
    };

    private static string Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "";
}
