using System.ComponentModel;
using Finks.Cleansing.Quality;
using Finks.Orchestration;
using Finks.Pipelines.Stages;

namespace Finks.Pipelines.Flows;

/// <summary>What counts as late.</summary>
public sealed record FreshnessParameters
{
    [Description("Datasets to look at. Default: all whose contract says how old their data may be.")]
    public IReadOnlyList<string> Datasets { get; init; } = [];
}

/// <summary>Whether the newest data is as new as the contracts promise.</summary>
public sealed class FreshnessFlow(FlowServices services) : Flow<FreshnessParameters>
{
    public const string FlowName = "freshness";

    public override string Name => FlowName;

    public override string Description => "Compare the age of the newest data with what the contracts promise, and fail when some is late.";

    protected override Task RunAsync(FlowContext flow, FreshnessParameters parameters) =>
        flow.RunStageAsync("freshness", () => new FreshnessStage(services.Workspace, parameters.Datasets), services.Workspace.Clock);
}

/// <summary>Looks at the newest rows of Silver.</summary>
internal sealed class FreshnessStage(Workspace workspace, IReadOnlyCollection<string> datasets) : IStage
{
    public string Name => "freshness";

    public Task<StageOutcome> RunAsync(string runId, IProgress<StageProgress> progress, CancellationToken cancellation) => Task.Run(
        () =>
        {
            var (snapshot, now) = (workspace.Lake.CurrentSnapshot(), workspace.Clock.GetUtcNow());
            var contracts = datasets.Count == 0 ? workspace.Contracts.Contracts : [.. datasets.Select(workspace.Contracts.Get)];
            var results = contracts.Select(c => FreshnessCheck.OfSilver(workspace.Lake, snapshot, c, now)).OfType<CheckResult>().ToList();
            var late = results.Where(r => r.Outcome == CheckOutcome.Failed).ToList();
            if (late.Count > 0)
            {
                throw new GateException($"{late.Count} of {results.Count} datasets are late.\n"
                    + string.Join('\n', late.Select(r => $"  {r.Dataset}: {r.Found}; expected: {r.Expected}")) + "\nRun `finks run`; if it brings nothing newer, the source is late.");
            }

            return new StageOutcome(StageState.Done, $"{results.Count} datasets are as new as their contracts promise", [.. results.Select(r => $"{r.Dataset}: {r.Found}")]);
        },
        cancellation);
}
