using Finks.Ingestion;

namespace Finks.Pipelines.Stages;

/// <summary>Source to Bronze.</summary>
public sealed class IngestStage(Ingestor ingestor, IngestRequest request) : IStage
{
    private const int ProblemsShown = 5;

    public string Name => "ingest";

    public async Task<StageOutcome> RunAsync(string runId, IProgress<StageProgress> progress, CancellationToken cancellation)
    {
        var calls = new ImmediateProgress<IngestProgress>(p => progress.Report(new StageProgress(
            $"{p.Done:N0} of {p.Planned:N0} replies, {p.Bytes / 1e6:N0} MB{(p.Problems > 0 ? $", {p.Problems} problems" : "")}",
            p.Planned == 0 ? null : (double)p.Done / p.Planned)));
        var report = await ingestor.RunAsync(request, runId, calls, cancellation);

        var notes = report.Problems.Take(ProblemsShown).Select(p => $"{p.Dataset} {p.Symbol}: {p.Outcome}: {p.Message}").ToList();
        if (report.Problems.Count > ProblemsShown)
            notes.Add($"… and {report.Problems.Count - ProblemsShown} more; `finks status` lists them");
        if (report.StoppedBecause is { } reason)
            notes.Add(reason);
        else if (report.Problems.Count > 0)
            notes.Add("What came is kept in Bronze. Run the command again to ask once more for what is missing.");

        if (report.Replies == 0 && report.Problems.Count == 0)
            return new StageOutcome(StageState.NothingNew, $"nothing to ask for: all is there through {request.Wanted.To:yyyy-MM-dd}", notes);
        var state = report.Problems.Count > 0 || report.StoppedBecause is not null ? StageState.Incomplete : StageState.Done;
        return new StageOutcome(state, $"{report.Replies:N0} replies ({report.RepliesWithRows:N0} with rows), {report.Bytes / 1e6:N1} MB", notes);
    }
}
