using System.CommandLine;
using Finks.Cli.Output;
using Finks.Pipelines.Reading;

namespace Finks.Cli.Commands;

/// <summary><c>finks status</c>.</summary>
internal static class StatusCommand
{
    private const int Shown = 10;

    public static Command Create()
    {
        var workspace = new WorkspaceChoice();
        var asOf = new PointInTimeOption("--as-of", "What the lake held and which runs had begun then");
        var command = new Command("status", "What the lake holds, the latest runs, and what waits for attention.");
        asOf.AddTo(command);
        workspace.AddTo(command);
        command.SetAction(parsed =>
        {
            using var open = workspace.Open(parsed);
            var status = new LakeStatus(open);
            var at = asOf.Read(parsed);
            var snapshot = status.SnapshotAt(at);
            Console.WriteLine($"{open.Lake.Paths.Home}, environment {open.Lake.Paths.Environment}, snapshot {snapshot.Id} of {snapshot.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
            ZoneTable.Write(status.Tables(at));
            WriteRuns(status, at);
            // What waits for attention waits now, whatever the time asked for.
            if (at is null)
                WriteAttention(status);
            return ExitCodes.Success;
        });
        return command;
    }

    private static void WriteRuns(LakeStatus status, PointInTime? at)
    {
        var runs = status.Runs(Shown, at);
        Console.WriteLine(runs.Count == 0 ? at is null ? "No run yet: try `finks demo`." : "No run had begun." : "Latest runs");
        foreach (var run in runs)
        {
            var ended = run.State.IsFinal
                ? $"{run.State.Name} after {RunsTable.Took(run.StartedAt ?? run.CreatedAt, run.EndedAt)}"
                : $"{run.State.Name}: going on, or killed: `finks runs sweep` tells";
            var why = run.State.Message is null ? "" : ": " + RunsTable.FirstLine(run.State.Message);
            Console.WriteLine($"  {run.CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC  {run.Flow,-16} {ended}{why}");
        }
    }

    private static void WriteAttention(LakeStatus status)
    {
        var unread = status.UnreadBatches();
        if (unread > 0)
            Console.WriteLine($"{unread} Bronze batches wait to be read: run `finks cleanse`.");
        var problems = status.OpenProblems(Shown);
        if (problems.Count > 0)
            Console.WriteLine("Replies without data, not yet answered better (run the command again to ask once more)");
        foreach (var p in problems)
            Console.WriteLine($"  {p.Dataset} {p.Symbol}: {p.Outcome}: {p.Message.ReplaceLineEndings(" ")}  (`finks trace --batch {p.BronzeBatch} --line {p.BronzeLine}`)");
        var drifts = status.Drifts();
        if (drifts.Count > 0)
            Console.WriteLine("Fields that have left their contracts");
        foreach (var d in drifts.Take(Shown))
            Console.WriteLine($"  {d.Dataset}.{d.Field}: {d.Kind.ToString().ToLowerInvariant()}: {d.Evidence}");
        if (drifts.Count > Shown)
            Console.WriteLine($"  … and {drifts.Count - Shown} more");
    }
}
