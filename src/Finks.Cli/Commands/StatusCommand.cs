using System.CommandLine;
using System.Globalization;
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
        var command = new Command("status", "What the lake holds, the latest runs, and what waits for attention.");
        workspace.AddTo(command);
        command.SetAction(parsed =>
        {
            using var open = workspace.Open(parsed);
            var status = new LakeStatus(open);
            var snapshot = open.Lake.CurrentSnapshot();
            Console.WriteLine($"{open.Lake.Paths.Home}, environment {open.Lake.Paths.Environment}, snapshot {snapshot.Id} of {snapshot.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
            ZoneTable.Write(status.Tables());
            WriteRuns(status);
            WriteAttention(status);
            return ExitCodes.Success;
        });
        return command;
    }

    private static void WriteRuns(LakeStatus status)
    {
        var runs = status.Runs(Shown);
        Console.WriteLine(runs.Count == 0 ? "No run yet: try `finks demo`." : "Latest runs");
        foreach (var run in runs)
        {
            var ended = run.FinishedAt is { } at
                ? string.Create(CultureInfo.InvariantCulture, $"{run.Outcome} after {(at - run.StartedAt).TotalSeconds:0.0} s")
                : "not finished: going on, or killed; run it again";
            Console.WriteLine($"  {run.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC  {run.Command,-10} {ended}{(run.Message is null ? "" : ": " + run.Message.Split('\n')[0])}");
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
        var unknown = status.UnknownFields(Shown);
        if (unknown.Count > 0)
            Console.WriteLine($"Fields that the contracts do not know: {string.Join(", ", unknown.Select(u => $"{u.Dataset}.{u.Field}"))}");
    }
}
