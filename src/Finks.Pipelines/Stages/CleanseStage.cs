using Finks.Cleansing;

namespace Finks.Pipelines.Stages;

/// <summary>Bronze to Silver, through the contract gate.</summary>
public sealed class CleanseStage(Workspace workspace, double quarantineLimit) : IStage
{
    public string Name => "cleanse";

    /// <summary>What became of the rows, by dataset, once the stage has run.</summary>
    public CleanseReport? Report { get; private set; }

    public Task<StageOutcome> RunAsync(string runId, IProgress<StageProgress> progress, CancellationToken cancellation) => Task.Run(
        () =>
        {
            var done = 0;
            var contracts = workspace.Contracts.Contracts;
            var request = new CleanseRequest { Contracts = contracts, RunId = runId, QuarantineLimit = quarantineLimit };
            Report = workspace.Cleanser.Run(request, new ImmediateProgress<string>(dataset => progress.Report(new StageProgress(dataset, (double)done++ / contracts.Count))), cancellation);
            return Describe(Report);
        },
        cancellation);

    private static StageOutcome Describe(CleanseReport report)
    {
        if (report.Snapshot is null)
            return new StageOutcome(StageState.NothingNew, "no unread replies in Bronze", []);
        var notes = new List<string>();
        foreach (var dataset in report.Datasets)
        {
            if (dataset.Quarantined > 0)
                notes.Add($"{dataset.Dataset}: {dataset.Quarantined:N0} of {dataset.RowsIn:N0} rows quarantined:");
            notes.AddRange(dataset.Reasons.Select(r =>
                $"  {r.Rows:N0} × {r.Reason} (first: `finks trace --batch {r.BronzeBatch} --line {r.BronzeLine} --row {r.BronzeRow}`)"));
            if (dataset.UnknownFields.Count > 0)
                notes.Add($"{dataset.Dataset}: the source sends fields that the contract does not know: {string.Join(", ", dataset.UnknownFields)}. Bronze keeps them.");
        }

        var d = report.Datasets;
        var summary = $"{d.Sum(x => x.RowsIn):N0} rows in = {d.Sum(x => x.New):N0} new + {d.Sum(x => x.Repeated):N0} repeated + {d.Sum(x => x.Quarantined):N0} quarantined"
            + (d.Sum(x => x.Withdrawn) is > 0 and var withdrawn ? $"; {withdrawn:N0} withdrawn by the source" : "");
        return new StageOutcome(StageState.Done, summary, notes);
    }
}
