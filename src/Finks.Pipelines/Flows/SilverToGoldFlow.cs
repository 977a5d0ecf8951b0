using System.ComponentModel;
using Finks.Orchestration;
using Finks.Pipelines.Stages;

namespace Finks.Pipelines.Flows;

/// <summary>How Gold is made.</summary>
public sealed record TransformParameters
{
    [Description("How often a stage is tried again when disk, network or database fail.")]
    public int Retries { get; init; } = 2;
}

/// <summary>Silver to Gold: models, their tests as the gate, one commit, and the manifests for engines that read folders.</summary>
public sealed class SilverToGoldFlow(FlowServices services) : Flow<TransformParameters>
{
    public const string FlowName = "silver-to-gold";

    public override string Name => FlowName;

    public override string Description => "Build and test the dbt models on Silver, move the marts into Gold together, and publish their manifests.";

    protected override async Task RunAsync(FlowContext flow, TransformParameters parameters)
    {
        var (workspace, retries) = (services.Workspace, parameters.Retries);
        var transform = await flow.RunStageAsync("transform", () => new TransformStage(workspace), workspace.Clock, retries);
        await flow.RunStageAsync("publish", () => new PublishStage(workspace), workspace.Clock, retries, null, transform);
    }
}
