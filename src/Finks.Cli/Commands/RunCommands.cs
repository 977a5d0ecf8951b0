using System.CommandLine;
using Finks.Cli.Output;
using Finks.Pipelines;
using Finks.Pipelines.Stages;

namespace Finks.Cli.Commands;

/// <summary><c>finks ingest</c>, <c>cleanse</c>, <c>transform</c> and <c>run</c>, which is all of them in order.</summary>
internal static class RunCommands
{
    public static Command Ingest() => Create("ingest", "Ask FMP for what is missing and keep every reply in Bronze.", ingests: true, cleanses: false, transforms: false);

    public static Command Cleanse() => Create("cleanse", "Turn unread Bronze replies into typed, checked, versioned Silver rows.", ingests: false, cleanses: true, transforms: false);

    public static Command Transform() => Create("transform", "Build and test the dbt models on Silver, and move the marts into Gold together.", ingests: false, cleanses: false, transforms: true);

    public static Command Run() => Create("run", "Ingest, cleanse and transform, in that order.", ingests: true, cleanses: true, transforms: true);

    private static Command Create(string name, string description, bool ingests, bool cleanses, bool transforms)
    {
        var workspaceChoice = new WorkspaceChoice();
        var fmp = new FmpChoice();
        var limit = new Option<double>("--quarantine-limit") { Description = "Share of a dataset's rows that may break their contract before the commit is blocked. Default 0.2.", DefaultValueFactory = _ => 0.2 };
        var command = new Command(name, description);
        if (ingests)
            fmp.AddTo(command);
        if (cleanses)
            command.Options.Add(limit);
        workspaceChoice.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var workspace = workspaceChoice.Open(parsed);
            using var ingestion = ingests ? fmp.Open(parsed, workspace) : null;
            var stages = new List<IStage>();
            if (ingestion is not null)
                stages.Add(ingestion.Stage);
            if (cleanses)
                stages.Add(new CleanseStage(workspace, parsed.GetValue(limit)));
            if (transforms)
                stages.Add(new TransformStage(workspace));
            var summary = await RunDisplay.ShowAsync(observer => new PipelineRun(workspace, observer).RunAsync(name, stages, cancellation));
            return summary.Incomplete ? ExitCodes.Incomplete : ExitCodes.Success;
        });
        return command;
    }
}
