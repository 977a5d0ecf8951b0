using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Finks.Cleansing.Quality;
using Finks.Pipelines.Reading;
using Spectre.Console;

namespace Finks.Cli.Output;

/// <summary>Prints a quality report.</summary>
internal static class QualityOutput
{
    private const int CurveWidth = 30;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static void Write(QualityReport report, RowFormat format, TextWriter output)
    {
        switch (format)
        {
            case RowFormat.Json:
                output.WriteLine(JsonSerializer.Serialize(
                    new { report.Score, report.History, report.Datasets, Checks = report.Checks.Select(c => Row(c).ToDictionary(v => v.Name, v => v.Value)) }, Json));
                break;
            case RowFormat.Csv:
                output.WriteLine(string.Join(',', Columns));
                foreach (var check in report.Checks)
                    output.WriteLine(string.Join(',', Row(check).Select(v => RowFormats.CsvCell(Convert.ToString(v.Value, CultureInfo.InvariantCulture) ?? ""))));
                break;
            default:
                WriteTables(report);
                break;
        }
    }

    private static readonly string[] Columns =
        ["stage", "dataset", "check", "outcome", "severity", "action", "credit", "found", "expected", "dimension", "run_id", "checked_at"];

    private static (string Name, object? Value)[] Row(QualityCheck check)
    {
        var result = check.Result;
        object?[] values =
        [
            check.Stage, result.Dataset, result.Check, Name(result.Outcome), Name(result.Consequence.Severity), Name(result.Consequence.Action),
            result.Credit, result.Found, result.Expected, result.Dimension, check.RunId, check.CheckedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ];
        return [.. Columns.Zip(values)];
    }

    private static void WriteTables(QualityReport report)
    {
        if (report.Checks.Count == 0)
        {
            Console.WriteLine("Nothing has been checked so far: run `finks run` or `finks demo` first.");
            return;
        }

        var checks = new Table().Border(TableBorder.Simple)
            .AddColumn(new TableColumn("dataset").NoWrap()).AddColumn(new TableColumn("check").NoWrap()).AddColumn("outcome").AddColumn("severity").AddColumn("found").AddColumn("expected");
        // dbt tests that passed are many and say nothing more than their number.
        foreach (var check in report.Checks.Where(c => c.Stage == "cleanse" || c.Result.Outcome != CheckOutcome.Passed))
        {
            var result = check.Result;
            checks.AddRow(
                Markup.Escape(result.Dataset), Markup.Escape(result.Check), Outcome(result), Name(result.Consequence.Severity), Markup.Escape(result.Found), Markup.Escape(result.Expected));
        }

        RowFormats.WideConsole().Write(checks);
        var tests = report.Checks.Where(c => c.Stage == "transform").ToList();
        if (tests.Count > 0)
            Console.WriteLine($"dbt tests: {tests.Count(t => t.Result.Outcome == CheckOutcome.Passed)} of {tests.Count} passed");
        WriteScores(report);
    }

    private static void WriteScores(QualityReport report)
    {
        var scores = new Table().Border(TableBorder.Simple)
            .AddColumn(new TableColumn("dataset").NoWrap()).AddColumn(new TableColumn("score").RightAligned()).AddColumn(new TableColumn("after each run").NoWrap());
        foreach (var dataset in report.Datasets)
            scores.AddRow(Markup.Escape(dataset.Dataset), Score(dataset.Score), Sparkline.Of(dataset.History, CurveWidth));
        scores.AddRow("overall", Score(report.Score), Sparkline.Of(report.History, CurveWidth));
        RowFormats.WideConsole().Write(scores);
    }

    private static string Outcome(CheckResult result) => result.Outcome switch
    {
        CheckOutcome.Passed => "passed",
        CheckOutcome.NotJudged => "[grey]no verdict[/]",
        CheckOutcome.Accepted => "[yellow]accepted[/]",
        _ => $"[{(result.Consequence.Severity == Contracts.Severity.Error ? "red" : "yellow")}]failed[/]",
    };

    private static string Score(double? score) => score?.ToString("0.0", CultureInfo.InvariantCulture) ?? "";

    private static string Name(Enum value) => value.ToString().ToLowerInvariant();
}
