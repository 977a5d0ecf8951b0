using Finks.Cleansing.Privacy;
using Finks.Cleansing.Quality;
using Finks.Cleansing.Quarantine;
using Finks.Contracts;

namespace Finks.Pipelines.Stages;

/// <summary>Quarantine to Silver: rows that keep the contract of now are released.</summary>
public sealed class ReplayStage(Workspace workspace, IReadOnlyList<Contract> contracts, IReadOnlyCollection<string> accepted, bool dryRun) : IStage
{
    private readonly MaskingKey? _masking = MaskingSalt.Required(contracts, workspace.Masking, workspace.Lake);

    public string Name => "replay";

    /// <summary>What became of the rows, by dataset, once the stage has run.</summary>
    public ReplayReport? Report { get; private set; }

    public Task<StageOutcome> RunAsync(string runId, IProgress<StageProgress> progress, CancellationToken cancellation) => Task.Run(
        () =>
        {
            var replay = new QuarantineReplay(workspace.Lake, workspace.Bronze, workspace.Cleanser, workspace.Clock);
            var request = new ReplayRequest { Contracts = contracts, RunId = runId, Accepted = accepted, DryRun = dryRun, Threads = workspace.Options.Threads, Masking = _masking };
            Report = replay.Run(request, new ImmediateProgress<string>(dataset => progress.Report(new StageProgress(dataset, null))), cancellation);
            return Describe(Report, dryRun);
        },
        cancellation);

    private static StageOutcome Describe(ReplayReport report, bool dryRun)
    {
        var d = report.Datasets;
        if (d.Count == 0)
            return new StageOutcome(StageState.NothingNew, "no row is in quarantine", []);
        var notes = d.SelectMany(c => c.Reasons.Select(r => $"{c.Dataset}: {r.Rows:N0} × {r.Reason} (first: `finks trace --batch {r.BronzeBatch} --line {r.BronzeLine} --row {r.BronzeRow}`)")).ToList();
        notes.AddRange(report.Checks.Where(c => c.Outcome is CheckOutcome.Failed or CheckOutcome.Accepted).Select(CleanseStage.Note));
        if (dryRun)
            notes.Add("Nothing was committed: without --dry-run it will be.");
        var summary = $"{d.Sum(c => c.Open):N0} rows in quarantine = {d.Sum(c => c.New):N0} new in Silver + {d.Sum(c => c.Repeated):N0} known already + {d.Sum(c => c.Refused):N0} refused again"
            + (d.Sum(c => c.Changed) is > 0 and var changed ? $" ({changed:N0} for other reasons)" : "");
        return new StageOutcome(report.Snapshot is null && !dryRun ? StageState.NothingNew : StageState.Done, summary, notes);
    }
}
