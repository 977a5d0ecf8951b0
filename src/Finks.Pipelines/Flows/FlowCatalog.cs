using Finks.Orchestration;

namespace Finks.Pipelines.Flows;

/// <summary>All flows that can be run by name: by a user, a schedule, or a worker.</summary>
public sealed class FlowCatalog(FlowServices services)
{
    /// <summary>Names, parameters and schemas of all flows, where there is no lake. They cannot be run.</summary>
    public static IReadOnlyList<Flow> Descriptions { get; } = new FlowCatalog(null!).Flows;

    /// <summary>In the order of the data.</summary>
    public IReadOnlyList<Flow> Flows { get; } =
    [
        new IngestFlow(services),
        new BronzeToSilverFlow(services),
        new SilverToGoldFlow(services),
        new DailyFlow(services),
        new BackfillFlow(services),
        new FreshnessFlow(services),
        new MaintenanceFlow(services),
    ];

    /// <summary>The flow of that name; null when there is none.</summary>
    public Flow? Find(string name) => Flows.FirstOrDefault(f => f.Name == name);
}
