using System.Globalization;
using System.Text;
using Finks.Orchestration.Runs;
using Finks.Pipelines.Reading;

namespace Finks.Pipelines.Flows;

/// <summary>What a run did, for people: stages with their times, the tables as they are now, and the quality of the data.</summary>
internal static class RunReport
{
    public static async Task<Artifact> WriteAsync(FlowRun run, Workspace workspace)
    {
        await workspace.Backend.FlushAsync(CancellationToken.None);
        var text = new StringBuilder($"# {run.Name}\n\n| stage | seconds | what |\n|---|---:|---|\n");
        foreach (var (task, outcome) in StageResults.Of(workspace.Runs.Tree(run.Id)!).OrderBy(s => s.Task.StartedAt))
        {
            var seconds = task.EndedAt - task.StartedAt is { } took ? took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) : "";
            text.Append(CultureInfo.InvariantCulture, $"| {task.Task} | {seconds} | {Cell(outcome.Summary)} |\n");
        }

        var status = new LakeStatus(workspace);
        text.Append("\n| zone | table | rows | files |\n|---|---|---:|---:|\n");
        foreach (var table in status.Tables())
            text.Append(CultureInfo.InvariantCulture, $"| {table.Zone} | {table.Table} | {table.Rows:N0} | {table.Files:N0} |\n");
        var report = new QualityReader(workspace).Read(dataset: null, runs: 1);
        var bad = report.Checks.Where(c => c.Result.Outcome == Cleansing.Quality.CheckOutcome.Failed).ToList();
        text.Append(CultureInfo.InvariantCulture, $"\nQuality: {(report.Score is { } score ? $"{score:0.0}" : "not judged")}; {report.Checks.Count} checks, {bad.Count} failed.\n");
        foreach (var check in bad)
            text.Append(CultureInfo.InvariantCulture, $"- {check.Result.Dataset} {check.Result.Check}: {Cell(check.Result.Found)}\n");
        text.Append(CultureInfo.InvariantCulture, $"\nSnapshot {workspace.Lake.CurrentSnapshot().Id}; `finks runs show {run.Id}` shows the run.\n");
        return new Artifact.Markdown("run-report", text.ToString(), "What the run did.");
    }

    private static string Cell(string text) => text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal);
}
