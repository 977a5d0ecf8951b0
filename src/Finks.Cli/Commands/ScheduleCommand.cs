using System.CommandLine;
using System.Globalization;
using Finks.Cli.Output;
using Finks.Orchestration.Prefect.Deploying;
using Finks.Orchestration.Scheduling;
using Finks.Pipelines;
using Finks.Pipelines.Flows;

namespace Finks.Cli.Commands;

/// <summary><c>finks schedule</c>: flows at their times, on a machine without a Prefect server.</summary>
internal static class ScheduleCommand
{
    private const string Example =
        """
        environment: dev
        deployments:
          - flow: daily
            name: laptop
            parameters: { symbols: [AAPL, MSFT] }
            schedules:
              - { name: after-close, exchange: XNYS, after_close: 5h15m }
        """;

    public static Command Create()
    {
        var (workspace, file) = (new WorkspaceChoice(), File());
        var command = new Command(
            "schedule",
            "Run flows at their times, one at a time, until Ctrl-C: cron with time zones, intervals, and sessions of an exchange. What a killed process has left is gone on with. "
                + "For a machine without a Prefect server; the file is the one that `finks prefect apply` takes, and needs no pools.")
        {
            file,
            List(),
            Switch("pause", "Leave the times of a schedule out until it is resumed.", (ledger, name) => ledger.Pause(name, Composition.Clock.GetUtcNow())),
            Switch("resume", "Let a paused schedule go on; the times of the pause are left out.", (ledger, name) => ledger.Resume(name, Composition.Clock.GetUtcNow())),
        };
        workspace.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var (schedules, open) = Open(parsed, file, workspace);
            using (open)
                return await RunAsync(schedules, open, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(IReadOnlyList<LocalSchedule> schedules, Workspace workspace, CancellationToken cancellation)
    {
        var flows = schedules.Where(s => s.IsOn).Select(s => s.Flow).ToList();
        var catalog = new FlowCatalog(FlowChoice.Services(workspace));
        if (flows.Any(f => catalog.Find(f.Flow) is IngestFlow or DailyFlow or BackfillFlow))
            FlowChoice.RequireFmpApiKey();
        var ledger = new LakeScheduleLedger(workspace.Lake.Database);
        using var notify = NotifyChoice.Open(workspace, console: true);
        var runner = new FlowRunner(workspace, new LogLines(Console.Out), notify.Notices) { Stopped = ScheduledRuns.Stopped };
        var runs = new ScheduledRuns(catalog, workspace, flows, ledger, runner, notify.Notices, Tell);
        var scheduler = new Scheduler(flows, ledger, runs.RunAsync, runs.ResumeAsync, problem => Tell($"{problem.Schedule}: {problem.Message}"), Composition.Clock);
        ScheduleTable.Write(schedules, ledger, Composition.Clock.GetUtcNow());
        Tell($"{flows.Count} schedules are on. Ctrl-C ends this; a run that is going on then is gone on with by the next `finks schedule`.");
        await scheduler.RunAsync(cancellation);
        Tell("The scheduler has ended.");
        return ExitCodes.Success;
    }

    private static Command List()
    {
        var (workspace, file) = (new WorkspaceChoice(), File());
        var command = new Command("list", "The schedules of a file: when they ran last and run next.") { file };
        workspace.AddTo(command);
        command.SetAction(parsed =>
        {
            var (schedules, open) = Open(parsed, file, workspace);
            using (open)
                ScheduleTable.Write(schedules, new LakeScheduleLedger(open.Lake.Database), Composition.Clock.GetUtcNow());
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Switch(string name, string description, Action<IScheduleLedger, string> action)
    {
        var (workspace, file) = (new WorkspaceChoice(), File());
        var schedule = new Argument<string>("schedule") { Description = "FLOW/DEPLOYMENT/SCHEDULE, as `finks schedule list` shows it." };
        var command = new Command(name, description) { schedule, file };
        workspace.AddTo(command);
        command.SetAction(parsed =>
        {
            var (schedules, open) = Open(parsed, file, workspace);
            using (open)
            {
                var named = parsed.GetValue(schedule)!;
                if (schedules.All(s => s.Flow.Name != named))
                    throw new UsageException($"The file has no schedule {named}. It has {string.Join(", ", schedules.Select(s => s.Flow.Name))}.");
                var ledger = new LakeScheduleLedger(open.Lake.Database);
                action(ledger, named);
                ScheduleTable.Write(schedules, ledger, Composition.Clock.GetUtcNow());
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static (IReadOnlyList<LocalSchedule> Schedules, Workspace Workspace) Open(ParseResult parsed, Option<FileInfo?> option, WorkspaceChoice choice)
    {
        var path = parsed.GetValue(option)?.FullName ?? WorkspaceChoice.Setting("FINKS_SCHEDULE")
            ?? throw new UsageException($"No file says what is to run when. Give --file, or set FINKS_SCHEDULE. Such a file is\n\n{Example}");
        if (!System.IO.File.Exists(path))
            throw new UsageException($"There is no file {path}. Such a file is\n\n{Example}");
        // Blocks hold what only a server uses, so their secrets are not needed.
        var environment = EnvironmentReader.Read(Path.GetRelativePath(".", path), FlowCatalog.Descriptions, _ => "", forServer: false);
        var workspace = choice.Open(parsed);
        if (workspace.Lake.Paths.Environment == environment.Name)
            return (LocalSchedules.Of(environment), workspace);
        workspace.Dispose();
        throw new UsageException($"The file is for the environment {environment.Name}, and the lake is {workspace.Lake.Paths.Environment}'s. Give --env {environment.Name}, or set FINKS_ENV.");
    }

    private static void Tell(string text) =>
        Console.WriteLine($"{Composition.Clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture)} {text}");

    private static Option<FileInfo?> File() => new("--file") { Description = "What runs when, e.g. deploy/schedule.yaml. Default: FINKS_SCHEDULE." };
}
