using System.CommandLine;
using Finks.Cli.Output;
using Finks.Ingestion;
using Finks.Lake.Maintenance;
using Finks.Pipelines;
using Finks.Pipelines.Publishing;

namespace Finks.Cli.Commands;

/// <summary><c>finks lake sweep</c>: what nothing refers to is listed, deleted, or (Bronze) adopted.</summary>
internal static class SweepCommand
{
    public static Command Create()
    {
        var workspace = new WorkspaceChoice();
        var grace = new Option<double>("--grace-hours") { Description = "Leave anything younger than this alone: it may belong to work under way. Default 24, least 1.", DefaultValueFactory = _ => 24 };
        var delete = new Option<bool>("--delete") { Description = "Delete; without it everything is only listed." };
        var adopt = new Option<bool>("--adopt") { Description = "Register whole Bronze files that were stored and never registered, so that no reply is lost." };
        var command = new Command("sweep", "List, or delete, what nothing refers to: files of killed runs, of expired snapshots, scratch space. Bronze is never deleted.") { grace, delete, adopt };
        workspace.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                if (parsed.GetValue(grace) < SweepRequest.LeastGrace.TotalHours)
                    throw new UsageException("--grace-hours must be at least 1: a younger file may belong to a commit under way.");
                using var open = workspace.OpenExisting(parsed);
                var span = TimeSpan.FromHours(parsed.GetValue(grace));
                var deletes = parsed.GetValue(delete);
                // Manifests of Gold name files, too: none may name one that goes.
                if (deletes)
                    new ManifestPublisher(open).Publish();
                Write(new Sweep(open.Lake).Run(new SweepRequest { Grace = span, DryRun = !deletes }), deletes);
                Bronze(open, span, parsed.GetValue(adopt), cancellation);
                return ExitCodes.Success;
            },
            cancellation));
        return command;
    }

    private static void Write(SweepReport report, bool deleted)
    {
        var done = deleted ? "were deleted" : "are there; --delete deletes them";
        Write(report.Orphans, $"files that no snapshot names {done}");
        Write(report.Expired, $"files of expired snapshots {done}");
        Write(report.Leftovers, $"leftovers of ended processes {done}");
        if (report.Outside.Count > 0)
            Write(report.Outside, "files outside the lake belong to no snapshot any more; delete them by hand if they are yours");
    }

    private static void Write(IReadOnlyList<string> what, string summary)
    {
        foreach (var item in what)
            Console.WriteLine(item);
        Console.WriteLine($"{what.Count:N0} {summary}.");
    }

    private static void Bronze(Workspace open, TimeSpan grace, bool adopt, CancellationToken cancellation)
    {
        var adoption = new BronzeAdoption(open.Lake, open.Bronze);
        using var display = new MaintenanceDisplay();
        var found = adoption.Find(grace, display, cancellation);
        if (adopt)
            adoption.Adopt(found, CoverageLedger.Restore, display, cancellation);
        display.Dispose();
        foreach (var file in found)
            Console.WriteLine(file.Problem is { } problem ? $"{file.Key}: {problem}" : $"{file.Key}: batch {file.Batch} of {file.Origin!.Dataset}, {file.Replies:N0} replies");
        var whole = found.Count(f => f.Problem is null);
        Console.WriteLine($"{whole:N0} whole Bronze files that were never registered {(adopt ? "are registered now; `finks cleanse` reads them" : "are there; --adopt registers them")}.");
    }
}
