using System.ComponentModel;
using Finks.Orchestration;

namespace Finks.Pipelines.Flows;

/// <summary>How the lake is looked after.</summary>
public sealed record MaintenanceParameters
{
    [Description("About how large compacted files become, in MB.")]
    public int TargetMb { get; init; } = 128;

    [Description("Snapshots older than this many days are forgotten, but for the newest.")]
    public int ExpireDays { get; init; } = 30;

    [Description("Files that nothing names are deleted when they are older than this many hours; at least 1.")]
    public int GraceHours { get; init; } = 24;

    [Description("A folder, or s3://BUCKET/FOLDER, that a backup goes to. Default: none.")]
    public string? BackupTo { get; init; }
}

/// <summary>Compaction, expiry, sweep, check and backup.</summary>
public sealed class MaintenanceFlow(FlowServices services) : Flow<MaintenanceParameters>
{
    public const string FlowName = "maintenance";

    public override string Name => FlowName;

    public override string Description => "Merge small files, forget old snapshots, sweep what nothing names, check the lake, and back it up.";

    protected override async Task RunAsync(FlowContext flow, MaintenanceParameters parameters)
    {
        var (workspace, clock) = (services.Workspace, services.Workspace.Clock);
        var compact = await flow.RunStageAsync("compact", () => new CompactStage(workspace, (long)parameters.TargetMb << 20), clock);
        var publish = await flow.RunStageAsync("publish", () => new Stages.PublishStage(workspace), clock, 0, null, compact);
        var expire = await flow.RunStageAsync("expire", () => new ExpireStage(workspace, TimeSpan.FromDays(parameters.ExpireDays)), clock, 0, null, publish);
        var sweep = await flow.RunStageAsync("sweep", () => new SweepStage(workspace, TimeSpan.FromHours(parameters.GraceHours)), clock, 0, null, expire);
        var check = await flow.RunStageAsync("check", () => new CheckStage(workspace), clock, 0, null, sweep);
        if (parameters.BackupTo is { } place)
            await flow.RunStageAsync("backup", () => new BackupStage(workspace, services.OpenBackup(place)), clock, 0, null, check);
    }
}
