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
        var asOf = new PointInTimeOption("--as-of", "Show the table as it was then");
        var output = new RowsChoice();
        var key = new Option<string[]>("--key") { Description = "Only rows with these values: --key symbol=AAPL,date=2020-08-31.", AllowMultipleArgumentsPerToken = true };
        var history = new Option<bool>("--history") { Description = "For Silver tables: every version of every row, withdrawn ones too." };
        var command = new Command("show", "Show rows of a table, now or as they were known at an earlier time.") { table, key, history };
        asOf.AddTo(command);
        output.AddTo(command);
        workspace.AddTo(command);
        command.SetAction(parsed =>
        {
            using var open = workspace.Open(parsed);
            var query = new TableQuery
            {
                Table = parsed.GetRequiredValue(table),
                AsOf = asOf.Read(parsed),
                Key = OptionText.Key(parsed.GetValue(key) ?? []),
                History = parsed.GetValue(history),
                Limit = output.Limit(parsed),
            };
            using var rows = new TableReader(open).Open(query);
            var shown = RowFormats.Write(rows.Reader, output.Format(parsed), Console.Out);
            if (output.Format(parsed) == RowFormat.Table && shown == query.Limit)
                Console.Error.WriteLine($"The first {shown} rows of {rows.Table.Schema}.{rows.Table.Name}; --limit 0 shows all.");
            return ExitCodes.Success;
        });
        return command;
    }
}
