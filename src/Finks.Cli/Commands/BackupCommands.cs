using System.CommandLine;
using Finks.Cli.Output;
using Finks.Lake.Maintenance;
using Finks.Pipelines;
using Finks.Pipelines.Publishing;

namespace Finks.Cli.Commands;

/// <summary><c>finks lake backup</c>, <c>restore</c> and <c>verify-backup</c>.</summary>
internal static class BackupCommands
{
    private const string S3 = "s3://";
    private const string PlaceHelp = "A folder, or s3://BUCKET/FOLDER.";

    public static Command Backup()
    {
        var target = new Argument<string>("target") { Description = PlaceHelp + " Files that an earlier backup there has are not copied again." };
        return Create("backup", "Copy the catalog and every file it names. Concurrent runs do not disturb it.", target, null, makesLake: false, (parsed, open, place, display, cancellation) =>
        {
            var report = new LakeBackup(open.Lake).Run(place, display, cancellation);
            display.Dispose();
            Console.WriteLine($"{report.Manifest.Name}: snapshot {report.Manifest.Snapshot}, {report.Manifest.Files:N0} files, {MaintenanceDisplay.Size(report.Manifest.Bytes)}; "
                + $"{report.Copied:N0} files, {MaintenanceDisplay.Size(report.CopiedBytes)}, were new.");
            return ExitCodes.Success;
        });
    }

    public static Command Restore()
    {
        var source = new Argument<string>("source") { Description = PlaceHelp };
        var name = Name();
        return Create("restore", "Make a new, empty lake what a backup says: also the way from a laptop to S3 and PostgreSQL.", source, name, makesLake: true, (parsed, open, place, display, cancellation) =>
        {
            var report = new LakeRestore(open.Lake, ManifestPublisher.Ledgers).Run(place, parsed.GetValue(name), display, cancellation);
            // Manifests name addresses, which are others here.
            new ManifestPublisher(open).Publish(look: true);
            var check = new LakeCheck(open.Lake, open.Bronze).Run(deep: false, display, cancellation);
            display.Dispose();
            Console.WriteLine(report.AlreadyRestored
                ? $"The lake holds {report.Manifest.Name} already."
                : $"{report.Manifest.Name} of {report.Manifest.Time:yyyy-MM-dd HH:mm:ss}Z: {report.Manifest.Files:N0} files, {report.Rows:N0} rows of the catalog, snapshot {report.Manifest.Snapshot}.");
            return CheckCommand.Write("restored lake", check);
        });
    }

    public static Command Verify()
    {
        var source = new Argument<string>("source") { Description = PlaceHelp };
        var workspace = new WorkspaceChoice();
        var name = Name();
        var command = new Command("verify-backup", "Read every file of a backup and compare it with its hash.") { source, name };
        workspace.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                using var place = Place(parsed.GetValue(source)!, workspace.Home(parsed));
                using var display = new MaintenanceDisplay();
                var (manifest, report) = new BackupVerification(place).Run(parsed.GetValue(name), display, cancellation);
                display.Dispose();
                return CheckCommand.Write($"{manifest.Name}, snapshot {manifest.Snapshot}", report);
            },
            cancellation));
        return command;
    }

    private static Option<string?> Name() => new("--backup") { Description = "Which one, by its name: 20261124T010203456Z. Default: the newest." };

    private static Command Create(
        string name, string description, Argument<string> where, Option<string?>? which, bool makesLake, Func<ParseResult, Workspace, BackupPlace, MaintenanceDisplay, CancellationToken, int> work)
    {
        var workspace = new WorkspaceChoice();
        var command = new Command(name, description) { where };
        if (which is not null)
            command.Options.Add(which);
        workspace.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                using var open = makesLake ? workspace.Open(parsed) : workspace.OpenExisting(parsed);
                using var place = Place(parsed.GetValue(where)!, open.Lake.Paths.Home);
                using var display = new MaintenanceDisplay();
                return work(parsed, open, place, display, cancellation);
            },
            cancellation));
        return command;
    }

    /// <summary>Opens the place that a text names.</summary>
    internal static BackupPlace Place(string text, string home)
    {
        if (!text.StartsWith(S3, StringComparison.Ordinal))
            return BackupPlace.Folder(text);
        var prefix = text[S3.Length..].TrimEnd('/') + "/";
        return prefix.IndexOf('/', StringComparison.Ordinal) > 0
            ? new BackupPlace(LakeChoice.OpenS3(home, createBuckets: false), prefix)
            : throw new UsageException($"'{text}' names no bucket. Write s3://BUCKET/FOLDER.");
    }
}
