using System.CommandLine;
using Finks.Pipelines;
using Finks.Pipelines.Flows;

namespace Finks.Cli.Commands;

/// <summary>The flows as commands: <c>finks ingest</c>, <c>cleanse</c>, <c>transform</c>, <c>run</c>, <c>backfill</c>, <c>freshness</c> and <c>maintain</c>.</summary>
internal static class RunCommands
{
    public static Command Ingest()
    {
        var fmp = new FmpChoice();
        var command = new Command("ingest", "Ask FMP for what is missing and keep every reply in Bronze.");
        fmp.AddTo(command);
        return Create(command, (parsed, workspace, services, cancellation) =>
            FlowChoice.RunAsync(workspace, new IngestFlow(services), fmp.Read(parsed, workspace), cancellation));
    }

    public static Command Cleanse()
    {
        var accept = new AcceptChoice();
        var command = new Command("cleanse", "Turn unread Bronze replies into typed, checked, versioned Silver rows.");
        accept.AddTo(command);
        return Create(command, (parsed, workspace, services, cancellation) =>
            FlowChoice.RunAsync(workspace, new BronzeToSilverFlow(services), new CleanseParameters { Accept = accept.Read(parsed), Retries = 0 }, cancellation));
    }

    public static Command Transform() => Create(
        new Command("transform", "Build and test the dbt models on Silver, move the marts into Gold together, and publish their manifests."),
        (_, workspace, services, cancellation) => FlowChoice.RunAsync(workspace, new SilverToGoldFlow(services), new TransformParameters { Retries = 0 }, cancellation));

    public static Command Run()
    {
        var fmp = new FmpChoice();
        var accept = new AcceptChoice();
        var resume = new ResumeChoice();
        var command = new Command("run", "Ingest, cleanse, transform and publish, in that order.");
        fmp.AddTo(command);
        accept.AddTo(command);
        resume.AddTo(command);
        return Create(command, async (parsed, workspace, services, cancellation) =>
        {
            if (resume.IsGiven(parsed))
                return await resume.RunAsync(parsed, workspace, services, cancellation);
            var parameters = new DailyParameters(fmp.Read(parsed, workspace)) { Accept = accept.Read(parsed) };
            return await FlowChoice.RunAsync(workspace, new DailyFlow(services), parameters, cancellation);
        });
    }

    public static Command Backfill()
    {
        var fmp = new FmpChoice();
        var accept = new AcceptChoice();
        var days = new Option<int>("--window-days") { Description = "Days of one window. Default 365.", DefaultValueFactory = _ => 365 };
        var command = new Command("backfill", "Bring a range of dates into Bronze, window by window, the oldest first, then cleanse and transform. `finks run --resume` goes on with a killed one.") { days };
        fmp.AddTo(command);
        accept.AddTo(command);
        return Create(command, (parsed, workspace, services, cancellation) =>
        {
            var source = fmp.Read(parsed, workspace);
            if (source.From is null || source.To is null || parsed.GetValue(days) < 1)
                throw new UsageException("A backfill needs --from and --to, and --window-days of at least 1.");
            var parameters = new BackfillParameters(source) { WindowDays = parsed.GetValue(days), Accept = accept.Read(parsed) };
            return FlowChoice.RunAsync(workspace, new BackfillFlow(services), parameters, cancellation);
        });
    }

    public static Command Freshness()
    {
        var datasets = new Option<string[]>("--datasets") { Description = "Datasets to look at. Default: all whose contract says how old their data may be.", AllowMultipleArgumentsPerToken = true };
        var command = new Command("freshness", "Compare the age of the newest data with what the contracts promise; ends with 4 when some is late.") { datasets };
        return Create(command, (parsed, workspace, services, cancellation) =>
            FlowChoice.RunAsync(workspace, new FreshnessFlow(services), new FreshnessParameters { Datasets = parsed.GetValue(datasets) ?? [] }, cancellation));
    }

    public static Command Maintain()
    {
        var backup = new Option<string?>("--backup-to") { Description = "A folder, or s3://BUCKET/FOLDER, that a backup goes to. Default: no backup." };
        var days = new Option<int>("--expire-days") { Description = "Forget snapshots older than this. Default 30.", DefaultValueFactory = _ => 30 };
        var grace = new Option<int>("--grace-hours") { Description = "Leave files younger than this alone. Default 24, least 1.", DefaultValueFactory = _ => 24 };
        var command = new Command("maintain", "Compact, expire, sweep, check, and back up: what `finks lake` does one by one.") { backup, days, grace };
        return Create(command, (parsed, workspace, services, cancellation) =>
        {
            if (parsed.GetValue(grace) < 1 || parsed.GetValue(days) < 0)
                throw new UsageException("--grace-hours must be at least 1, --expire-days not negative.");
            var parameters = new MaintenanceParameters { BackupTo = parsed.GetValue(backup), ExpireDays = parsed.GetValue(days), GraceHours = parsed.GetValue(grace) };
            return FlowChoice.RunAsync(workspace, new MaintenanceFlow(services), parameters, cancellation);
        });
    }

    private static Command Create(Command command, Func<ParseResult, Workspace, FlowServices, CancellationToken, Task<int>> run)
    {
        var choice = new WorkspaceChoice();
        choice.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var workspace = choice.Open(parsed);
            return await run(parsed, workspace, FlowChoice.Services(workspace), cancellation);
        });
        return command;
    }
}
