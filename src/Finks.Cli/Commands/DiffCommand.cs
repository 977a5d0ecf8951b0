using System.CommandLine;
using System.Globalization;
using Finks.Cli.Output;
using Finks.Pipelines.Reading;

namespace Finks.Cli.Commands;

/// <summary><c>finks diff TABLE --from T1 [--to T2]</c>.</summary>
internal static class DiffCommand
{
    public static Command Create()
    {
        var workspace = new WorkspaceChoice();
        var table = new Argument<string>("table") { Description = "A table of Gold or Silver." };
        var from = new PointInTimeOption("--from", "The earlier state", required: true);
        var to = new PointInTimeOption("--to", "The later state, by default the present one");
        var output = new RowsChoice();
        var command = new Command("diff", "Show what has come, gone and been restated in a table between two points in time.") { table };
        from.AddTo(command);
        to.AddTo(command);
        output.AddTo(command);
        workspace.AddTo(command);
        command.SetAction(parsed =>
        {
            using var open = workspace.OpenExisting(parsed);
            var earlier = from.Read(parsed)!;
            var later = to.Read(parsed);
            if (later?.TimeIn(open.Lake) < earlier.TimeIn(open.Lake))
                throw new UsageException("--from is after --to.");
            var (counts, rows) = new TableDiff(open).Open(parsed.GetRequiredValue(table), earlier, later, output.Limit(parsed));
            using (rows)
                RowFormats.Write(rows.Reader, output.Format(parsed), Console.Out);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{counts.Added:N0} added, {counts.Removed:N0} removed, {counts.Changed:N0} changed"));
            return ExitCodes.Success;
        });
        return command;
    }
}
