using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Finks.Cleansing.Privacy;
using Finks.Ingestion.Planning;
using Finks.Orchestration;

namespace Finks.Pipelines.Flows;

/// <summary>What a backfill brings in.</summary>
public sealed record BackfillParameters : IngestParameters
{
    public BackfillParameters()
    {
    }

    [SetsRequiredMembers]
    public BackfillParameters(IngestParameters source)
        : base(source)
    {
    }

    [Description("Days of one window. Windows are asked for one after the other, the oldest first; a run that goes on begins with the first unfinished one.")]
    public int WindowDays { get; init; } = 365;

    [Description("Checks whose failure shall not block this run.")]
    public IReadOnlyList<string> Accept { get; init; } = [];
}

/// <summary>A range of dates in windows, then Silver and Gold once.</summary>
public sealed class BackfillFlow(FlowServices services) : Flow<BackfillParameters>
{
    public const string FlowName = "backfill";

    public override string Name => FlowName;

    public override string Description => "Bring a range of dates into Bronze, window by window, then cleanse and transform.";

    protected override async Task RunAsync(FlowContext flow, BackfillParameters parameters)
    {
        if (parameters is not { From: { } from, To: { } to } || to < from || parameters.WindowDays < 1)
            throw new FlowSettingException($"A backfill needs from, to (not before from) and window_days of at least 1; given: {parameters.From}, {parameters.To}, {parameters.WindowDays}.");
        MaskingSalt.Required(services.Workspace.Contracts.Contracts, services.Workspace.Masking, services.Workspace.Lake);
        foreach (var window in Windows(from, to, parameters.WindowDays))
            await IngestFlow.IngestAsync(flow, services, parameters, window, key: $"{window.From:yyyy-MM-dd}..{window.To:yyyy-MM-dd}");
        await DailyFlow.BuildAsync(flow, services, parameters.Accept, parameters.Retries);
    }

    internal static IEnumerable<DateRange> Windows(DateOnly from, DateOnly to, int days)
    {
        for (var first = from; first <= to; first = first.AddDays(days))
            yield return new DateRange(first, first.AddDays(days - 1) is var last && last < to ? last : to);
    }
}
