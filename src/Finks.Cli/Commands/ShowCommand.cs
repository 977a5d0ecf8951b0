using System.CommandLine;
using Finks.Cli.Output;
using Finks.Pipelines.Reading;

namespace Finks.Cli.Commands;

/// <summary><c>finks show TABLE</c>.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var workspace = new WorkspaceChoice();
        var table = new Argument<string>("table") { Description = "A table of Gold or Silver: daily_portfolio_summary, silver.dividend." };
        var asOf = new Option<string?>("--as-of") { Description = "Show what was known then: a date (its end, UTC) or a time such as 2025-06-30T14:00:00Z." };
        var limit = new Option<int>("--limit") { Description = "Most rows to show; 0 for all. Default 20.", DefaultValueFactory = _ => 20 };
        var key = new Option<string[]>("--key") { Description = "Only rows with these values: --key symbol=AAPL,date=2020-08-31.", AllowMultipleArgumentsPerToken = true };
        var history = new Option<bool>("--history") { Description = "For Silver tables: every version of every row, withdrawn ones too." };
        var format = new Option<RowFormat>("--format") { Description = "table, csv or json. Default table." };
        var command = new Command("show", "Show rows of a table, now or as they were known at an earlier time.") { table, asOf, limit, key, history, format };
        workspace.AddTo(command);
        command.SetAction(parsed =>
        {
            using var open = workspace.Open(parsed);
            var most = parsed.GetValue(limit);
            var query = new TableQuery
            {
                Table = parsed.GetRequiredValue(table),
                AsOf = parsed.GetValue(asOf) is { } text ? OptionText.Instant(text, "--as-of") : null,
                Key = OptionText.Key(parsed.GetValue(key) ?? []),
                History = parsed.GetValue(history),
                Limit = most > 0 ? most : null,
            };
            using var rows = new TableReader(open).Open(query);
            var shown = RowFormats.Write(rows.Reader, parsed.GetValue(format), Console.Out);
            if (parsed.GetValue(format) == RowFormat.Table && shown == most)
                Console.Error.WriteLine($"The first {shown} rows of {rows.Table.Schema}.{rows.Table.Name}; --limit 0 shows all.");
            return ExitCodes.Success;
        });
        return command;
    }
}
