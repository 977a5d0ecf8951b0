using Finks.Orchestration;
using Finks.Pipelines.Stages;

namespace Finks.Pipelines.Flows;

/// <summary>Stages in a row, for a command that is no flow of its own and needs not go on when it was killed: it is run again.</summary>
public sealed class StagesFlow(string name, Workspace workspace, IReadOnlyList<IStage> stages) : Flow<NoParameters>
{
    public override string Name => name;

    public override string Description => string.Join(", ", stages.Select(s => s.Name));

    protected override async Task RunAsync(FlowContext flow, NoParameters parameters)
    {
        foreach (var stage in stages)
            await flow.RunStageAsync(stage.Name, () => stage, workspace.Clock);
    }
}

/// <summary>The flow takes none.</summary>
public sealed record NoParameters;
