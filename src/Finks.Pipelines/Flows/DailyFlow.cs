using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Finks.Cleansing.Privacy;
using Finks.Orchestration;
using Finks.Orchestration.Runs;
using Finks.Pipelines.Publishing;

namespace Finks.Pipelines.Flows;

/// <summary>What a whole run asks for and lets pass.</summary>
public sealed record DailyParameters : IngestParameters
{
    public DailyParameters()
    {
    }

    [SetsRequiredMembers]
    public DailyParameters(IngestParameters source)
        : base(source)
    {
    }

    [Description("Checks whose failure shall not block this run: rows_refused, or dividend.rows_refused for one dataset.")]
    public IReadOnlyList<string> Accept { get; init; } = [];
}

/// <summary>The whole path: ingest, cleanse through the gate, transform through the gate, publish. It stops where a gate is shut.</summary>
public sealed class DailyFlow(FlowServices services) : Flow<DailyParameters>
{
    public const string FlowName = "daily";

    public override string Name => FlowName;

    public override string Description => "Ingest, cleanse, transform and publish, in that order; a shut gate ends the run with the reason.";

    protected override async Task RunAsync(FlowContext flow, DailyParameters parameters)
    {
        // Looked at first, so that nothing is asked for that could not be masked.
        MaskingSalt.Required(services.Workspace.Contracts.Contracts, services.Workspace.Masking, services.Workspace.Lake);
        var ingest = await flow.RunAsync(new IngestFlow(services), parameters.Source());
        await BuildAsync(flow, services, parameters.Accept, parameters.Retries, ingest);
    }

    /// <summary>Bronze to Gold, for flows that have brought something into Bronze.</summary>
    internal static async Task BuildAsync(FlowContext flow, FlowServices services, IReadOnlyList<string> accept, int retries, params Guid[] inputs)
    {
        var cleanse = await flow.RunAsync(new BronzeToSilverFlow(services), new CleanseParameters { Accept = accept, Retries = retries }, null, inputs);
        await flow.RunAsync(new SilverToGoldFlow(services), new TransformParameters { Retries = retries }, null, cleanse);
        flow.Put(await RunReport.WriteAsync(flow.Run, services.Workspace));
        var lake = services.Workspace.Lake;
        flow.Put(new Artifact.Link("gold", new Uri(TableManifests.Address(lake, $"{lake.Paths.Environment}-gold-zone/")), "Gold tables", "Where the files of the Gold tables are."));
    }
}
