using System.CommandLine;
using System.Globalization;
using Finks.Cli.Output;
using Finks.Pipelines.Reading;

namespace Finks.Cli.Commands;

/// <summary><c>finks quality [TABLE]</c>.</summary>
internal static class QualityCommand
{
    public static Command Create()
    {
        var workspace = new WorkspaceChoice();
        var table = new Argument<string?>("table") { Description = "A Silver dataset or a dbt model. Default: all.", Arity = ArgumentArity.ZeroOrOne };
        var history = new Option<int>("--history") { Description = "How many of the latest runs the score is shown for. Default 30.", DefaultValueFactory = _ => 30 };
        var format = new Option<RowFormat>("--format") { Description = "table, csv or json. Default table." };
        var failBelow = new Option<double?>("--fail-below") { Description = "End with exit code 4 when the overall score is lower than this." };
        var command = new Command("quality", "Show the latest result of each check, and the quality score of each dataset and over time.") { table, history, format, failBelow };
        workspace.AddTo(command);
        command.SetAction(parsed =>
        {
            var runs = parsed.GetValue(history);
            if (runs < 1)
                throw new UsageException("--history is at least 1.");
            using var open = workspace.OpenExisting(parsed);
            var report = new QualityReader(open).Read(parsed.GetValue(table), runs);
            QualityOutput.Write(report, parsed.GetValue(format), Console.Out);
            if (parsed.GetValue(failBelow) is not { } least || report.Score >= least)
                return ExitCodes.Success;
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The quality score {report.Score?.ToString("0.0", CultureInfo.InvariantCulture) ?? "(no check has come to a verdict)"} is below {least}."));
            return ExitCodes.Gate;
        });
        return command;
    }
}
