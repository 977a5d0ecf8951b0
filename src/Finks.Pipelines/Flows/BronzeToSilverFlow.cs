using System.ComponentModel;
using Finks.Orchestration;
using Finks.Pipelines.Stages;

namespace Finks.Pipelines.Flows;

/// <summary>What the gate before Silver lets pass.</summary>
public sealed record CleanseParameters
{
    [Description("Checks whose failure shall not block this run: rows_refused, or dividend.rows_refused for one dataset.")]
    public IReadOnlyList<string> Accept { get; init; } = [];

    [Description("How often a stage is tried again when disk, network or database fail.")]
    public int Retries { get; init; } = 2;
}

/// <summary>Bronze to Silver. The gate is shut or open in the same transaction that commits the rows.</summary>
public sealed class BronzeToSilverFlow(FlowServices services) : Flow<CleanseParameters>
{
    public const string FlowName = "bronze-to-silver";

    public override string Name => FlowName;

    public override string Description => "Turn unread Bronze replies into typed, checked, versioned Silver rows.";

    protected override Task RunAsync(FlowContext flow, CleanseParameters parameters) =>
        flow.RunStageAsync("cleanse", () => new CleanseStage(services.Workspace, parameters.Accept), services.Workspace.Clock, parameters.Retries);
}
