using System.CommandLine;
using Finks.Cli.Output;
using Finks.Lake;
using Finks.Lake.Maintenance;

namespace Finks.Cli.Commands;

/// <summary><c>finks lake check</c>.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var workspace = new WorkspaceChoice();
        var deep = new Option<bool>("--deep") { Description = "Read every value too, and compare it with the statistics by which readers skip files." };
        var command = new Command("check", "Compare every file of every zone with what was committed, and the catalog with itself. Ends with 1 when something is wrong.") { deep };
        workspace.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                using var open = workspace.OpenExisting(parsed);
                using var display = new MaintenanceDisplay();
                var report = new LakeCheck(open.Lake, open.Bronze).Run(parsed.GetValue(deep), display, cancellation);
                display.Dispose();
                return Write("lake", report);
            },
            cancellation));
        return command;
    }

    /// <summary>Prints what was found; returns the exit code.</summary>
    public static int Write(string what, LakeCheckReport report)
    {
        foreach (var problem in report.Problems)
            Console.WriteLine(problem);
        Console.WriteLine($"{what}: {report.Files:N0} files, {MaintenanceDisplay.Size(report.Bytes)}, {report.Problems.Count} problems");
        if (report.Unnamed > 0)
            Console.WriteLine($"{report.Unnamed:N0} files that nothing names lie in the zones; `finks lake sweep` says which may go.");
        return report.Problems.Count == 0 ? ExitCodes.Success : ExitCodes.Failed;
    }
}
