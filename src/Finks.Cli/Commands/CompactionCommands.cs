using System.CommandLine;
using Finks.Cli.Output;
using Finks.Lake.Maintenance;
using Finks.Pipelines.Publishing;

namespace Finks.Cli.Commands;

/// <summary><c>finks lake compact</c> and <c>expire</c>.</summary>
internal static class CompactionCommands
{
    public static Command Compact()
    {
        var workspace = new WorkspaceChoice();
        var tables = new Argument<string[]>("tables") { Description = "schema.table, several if wanted. Default: all.", Arity = ArgumentArity.ZeroOrMore };
        var target = new Option<int>("--target-mb") { Description = "About how large files shall become. Files below half of it are merged. Default 128.", DefaultValueFactory = _ => 128 };
        var fewest = new Option<int>("--min-files") { Description = "Fewest small files of a partition that are worth a merge. Default 2.", DefaultValueFactory = _ => 2 };
        var dry = new Option<bool>("--dry-run") { Description = "Say what would be merged." };
        var command = new Command("compact", "Merge small files into sorted ones. Rows and snapshots stay what they are.") { tables, target, fewest, dry };
        workspace.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                if (parsed.GetValue(target) < 1 || parsed.GetValue(fewest) < 2)
                    throw new UsageException("--target-mb must be at least 1, --min-files at least 2.");
                using var open = workspace.OpenExisting(parsed);
                using var display = new MaintenanceDisplay();
                var request = new CompactionRequest
                {
                    Tables = parsed.GetValue(tables) ?? [],
                    TargetBytes = (long)parsed.GetValue(target) << 20,
                    MinFiles = parsed.GetValue(fewest),
                    DryRun = parsed.GetValue(dry),
                    Threads = open.Options.Threads,
                };
                var results = new Compaction(open.Lake).Run(request, display, cancellation);
                // Manifests of Gold name files, too: they must follow before an expiry and a sweep take the old ones.
                if (!request.DryRun)
                    new ManifestPublisher(open).Publish();
                display.Dispose();
                foreach (var result in results)
                    Console.WriteLine(Describe(result));
                if (results.Count == 0)
                    Console.WriteLine("Nothing to compact.");
                return ExitCodes.Success;
            },
            cancellation));
        return command;
    }

    public static Command Expire()
    {
        var workspace = new WorkspaceChoice();
        var age = new Option<string>("--older-than") { Description = "Remove snapshots older than this: 30d, 12h. Default 30d.", DefaultValueFactory = _ => "30d" };
        var keep = new Option<int>("--keep") { Description = "So many of the newest stay, whatever their age. Default 1.", DefaultValueFactory = _ => 1 };
        var dry = new Option<bool>("--dry-run") { Description = "Say what would go." };
        var command = new Command("expire", "Forget old snapshots. What only they saw is deleted by `finks lake sweep`, after its grace.") { age, keep, dry };
        workspace.AddTo(command);
        command.SetAction(parsed =>
        {
            using var open = workspace.OpenExisting(parsed);
            var request = new ExpiryRequest
            {
                OlderThan = OptionText.Span(parsed.GetValue(age)!, "--older-than"),
                Keep = parsed.GetValue(keep),
                Needed = open.Gold.NeededSnapshots(),
                DryRun = parsed.GetValue(dry),
            };
            var report = new Expiry(open.Lake).Run(request);
            var range = report.Snapshots.Count == 0 ? "" : $" ({report.Snapshots[0].Id} to {report.Snapshots[^1].Id})";
            Console.WriteLine(report.Files is { } files
                ? $"{report.Snapshots.Count:N0} snapshots{range} were removed; {files:N0} files wait for `finks lake sweep --delete`."
                : $"{report.Snapshots.Count:N0} snapshots{range} would be removed.");
            return ExitCodes.Success;
        });
        return command;
    }

    private static string Describe(TableCompaction result) => result switch
    {
        { Skipped: { } reason } => $"{result.Table}: left alone: {reason}",
        { FilesAfter: { } after } =>
            $"{result.Table}: {result.FilesBefore:N0} files, {MaintenanceDisplay.Size(result.BytesBefore)}, became {after:N0}, {MaintenanceDisplay.Size(result.BytesAfter!.Value)}; "
            + $"{result.Rows:N0} rows (snapshot {result.Snapshot!.Id})",
        _ => $"{result.Table}: {result.FilesBefore:N0} files, {MaintenanceDisplay.Size(result.BytesBefore)}, would be merged; {result.Rows:N0} rows",
    };
}
