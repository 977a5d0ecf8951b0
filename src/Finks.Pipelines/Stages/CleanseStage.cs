using Finks.Cleansing;
using Finks.Cleansing.Privacy;
using Finks.Cleansing.Quality;
using Finks.Contracts;

namespace Finks.Pipelines.Stages;

/// <summary>Bronze to Silver, through the contract gate.</summary>
/// <param name="accepted">Checks whose failure does not block this run: <c>CHECK</c> or <c>DATASET.CHECK</c>.</param>
public sealed class CleanseStage(Workspace workspace, IReadOnlyCollection<string> accepted) : IStage
{
    // Looked at when the stage is made, so that no stage before this one starts when personal data cannot be masked.
    private readonly MaskingKey? _masking = MaskingSalt.Required(workspace.Contracts.Contracts, workspace.Masking, workspace.Lake);

    public string Name => "cleanse";

    /// <summary>Only batches up to this number. Default: all.</summary>
    public long ThroughBatch { get; init; } = long.MaxValue;

    /// <summary>What became of the rows, by dataset, once the stage has run.</summary>
    public CleanseReport? Report { get; private set; }

    public Task<StageOutcome> RunAsync(string runId, IProgress<StageProgress> progress, CancellationToken cancellation) => Task.Run(
        () =>
        {
            var done = 0;
            var contracts = workspace.Contracts.Contracts;
            var request = new CleanseRequest
            {
                Contracts = contracts,
                RunId = runId,
                Accepted = accepted,
                Threads = workspace.Options.Threads,
                Masking = _masking,
                ThroughBatch = ThroughBatch,
            };
            Report = workspace.Cleanser.Run(request, new ImmediateProgress<string>(dataset => progress.Report(new StageProgress(dataset, (double)done++ / contracts.Count))), cancellation);
            return Describe(Report);
        },
        cancellation);

    internal static string Note(CheckResult check) =>
        $"{(check.Outcome == CheckOutcome.Accepted ? "accepted" : check.Consequence.Severity.ToString().ToLowerInvariant())}: {check.Dataset} {check.Check}: {check.Found}; expected: {check.Expected}"
        + (check.Examples is [var first, ..] ? $" ({first.Text}: `{first.Place}`)" : "");

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

        // Refused rows and unknown fields have been told.
        notes.AddRange(report.Checks
            .Where(c => c.Outcome is CheckOutcome.Failed or CheckOutcome.Accepted && c.Consequence.Severity != Severity.Info && c.Check != CheckNames.RowsRefused)
            .Select(Note));
        var d = report.Datasets;
        var summary = $"{d.Sum(x => x.RowsIn):N0} rows in = {d.Sum(x => x.New):N0} new + {d.Sum(x => x.Repeated):N0} repeated + {d.Sum(x => x.Quarantined):N0} quarantined"
            + (d.Sum(x => x.Withdrawn) is > 0 and var withdrawn ? $"; {withdrawn:N0} withdrawn by the source" : "");
        return new StageOutcome(StageState.Done, summary, notes);
    }
}
