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
        var from = new Option<string>("--from") { Description = "The earlier time: a date (its end, UTC) or a time such as 2025-06-30T14:00:00Z.", Required = true };
        var to = new Option<string?>("--to") { Description = "The later time. Default: now." };
        var limit = new Option<int>("--limit") { Description = "Most rows to show; 0 for all. Default 20.", DefaultValueFactory = _ => 20 };
        var format = new Option<RowFormat>("--format") { Description = "table, csv or json. Default table." };
        var command = new Command("diff", "Show what has come, gone and been restated in a table between two times.") { table, from, to, limit, format };
        workspace.AddTo(command);
        command.SetAction(parsed =>
        {
            using var open = workspace.Open(parsed);
            var earlier = OptionText.Instant(parsed.GetRequiredValue(from), "--from");
            var later = parsed.GetValue(to) is { } text ? OptionText.Instant(text, "--to") : (DateTimeOffset?)null;
            if (later < earlier)
                throw new UsageException("--from is after --to.");
            var most = parsed.GetValue(limit);
            var (counts, rows) = new TableDiff(open).Open(parsed.GetRequiredValue(table), earlier, later, most > 0 ? most : null);
            using (rows)
                RowFormats.Write(rows.Reader, parsed.GetValue(format), Console.Out);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{counts.Added:N0} added, {counts.Removed:N0} removed, {counts.Changed:N0} changed"));
            return ExitCodes.Success;
        });
        return command;
    }
}
