using System.CommandLine;
using System.Globalization;
using Finks.Lake;

namespace Finks.Cli.Commands;

/// <summary><c>finks lake attach</c>, <c>check</c> and <c>sweep</c>.</summary>
internal static class LakeCommand
{
    public static Command Create() => new("lake", "Open the lake with DuckDB, check its files, sweep what no snapshot names.") { Attach(), Check(), Sweep() };

    private static Command Attach()
    {
        var workspace = new WorkspaceChoice();
        var command = new Command("attach", "Print the SQL with which any DuckDB opens the lake.");
        workspace.AddTo(command);
        command.SetAction(parsed =>
        {
            using var open = workspace.Open(parsed);
            Console.WriteLine("-- once: INSTALL ducklake; INSTALL sqlite;");
            Console.WriteLine(open.Lake.AttachSql());
            Console.WriteLine("-- then, for instance: FROM lake.gold.daily_returns; or AT (VERSION => 1)");
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Check()
    {
        var workspace = new WorkspaceChoice();
        var command = new Command("check", "Read every file of every zone and compare it with what was committed.");
        workspace.AddTo(command);
        command.SetAction(parsed =>
        {
            using var open = workspace.Open(parsed);
            var problems = Write("bronze", open.Bronze.Check()) + Write("silver and gold", open.Lake.Check());
            return problems == 0 ? ExitCodes.Success : ExitCodes.Failed;
        });
        return command;
    }

    private static Command Sweep()
    {
        var workspace = new WorkspaceChoice();
        var grace = new Option<double>("--grace-hours") { Description = "Leave files younger than this alone: they may belong to a commit under way. Default 24.", DefaultValueFactory = _ => 24 };
        var delete = new Option<bool>("--delete") { Description = "Delete them; without it they are only listed." };
        var command = new Command("sweep", "List, or delete, Silver and Gold files that no snapshot names: what killed runs left behind.") { grace, delete };
        workspace.AddTo(command);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(grace) < 1)
                throw new UsageException("--grace-hours must be at least 1: a younger file may belong to a commit under way.");
            using var open = workspace.Open(parsed);
            var deletes = parsed.GetValue(delete);
            var orphans = open.Lake.SweepOrphans(TimeSpan.FromHours(parsed.GetValue(grace)), dryRun: !deletes);
            foreach (var orphan in orphans)
                Console.WriteLine(orphan);
            Console.WriteLine($"{orphans.Count} files that no snapshot names {(deletes ? "were deleted" : "are there; --delete deletes them")}.");
            return ExitCodes.Success;
        });
        return command;
    }

    private static int Write(string zone, LakeCheckReport report)
    {
        foreach (var problem in report.Problems)
            Console.WriteLine(problem);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{zone}: {report.Files:N0} files, {report.Bytes / 1e6:N1} MB, {report.Problems.Count} problems"));
        return report.Problems.Count;
    }
}
