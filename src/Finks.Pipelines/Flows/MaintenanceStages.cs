using System.Globalization;
using Finks.Lake.Maintenance;
using Finks.Pipelines.Stages;

namespace Finks.Pipelines.Flows;

/// <summary>Work on the lake that is not about its rows.</summary>
internal abstract class MaintenanceStage : IStage
{
    public abstract string Name { get; }

    public Task<StageOutcome> RunAsync(string runId, IProgress<StageProgress> progress, CancellationToken cancellation) =>
        Task.Run(() => Run(new ImmediateProgress<MaintenanceProgress>(p => progress.Report(new StageProgress(p.Doing, p.Fraction))), cancellation), cancellation);

    protected abstract StageOutcome Run(IProgress<MaintenanceProgress> progress, CancellationToken cancellation);

    protected static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:N1} MB");
}

internal sealed class CompactStage(Workspace workspace, long targetBytes) : MaintenanceStage
{
    public override string Name => "compact";

    protected override StageOutcome Run(IProgress<MaintenanceProgress> progress, CancellationToken cancellation)
    {
        var tables = new Compaction(workspace.Lake).Run(new CompactionRequest { TargetBytes = targetBytes, Threads = workspace.Options.Threads }, progress, cancellation);
        var merged = tables.Where(t => t.FilesAfter is not null).ToList();
        return new StageOutcome(
            merged.Count == 0 ? StageState.NothingNew : StageState.Done,
            merged.Count == 0 ? "nothing to compact" : $"{merged.Sum(t => t.FilesBefore):N0} files of {merged.Count:N0} tables became {merged.Sum(t => t.FilesAfter!.Value):N0}",
            [.. tables.Where(t => t.Skipped is not null).Select(t => $"{t.Table}: left alone: {t.Skipped}")]);
    }
}

internal sealed class ExpireStage(Workspace workspace, TimeSpan age) : MaintenanceStage
{
    public override string Name => "expire";

    protected override StageOutcome Run(IProgress<MaintenanceProgress> progress, CancellationToken cancellation)
    {
        var report = new Expiry(workspace.Lake).Run(new ExpiryRequest { OlderThan = age, Needed = workspace.Gold.NeededSnapshots() });
        return new StageOutcome(report.Snapshots.Count == 0 ? StageState.NothingNew : StageState.Done, $"{report.Snapshots.Count:N0} snapshots forgotten; {report.Files ?? 0:N0} files wait for the sweep", []);
    }
}

internal sealed class SweepStage(Workspace workspace, TimeSpan grace) : MaintenanceStage
{
    public override string Name => "sweep";

    protected override StageOutcome Run(IProgress<MaintenanceProgress> progress, CancellationToken cancellation)
    {
        var report = new Sweep(workspace.Lake).Run(new SweepRequest { Grace = grace, DryRun = false });
        var deleted = report.Orphans.Count + report.Expired.Count + report.Leftovers.Count;
        return new StageOutcome(
            deleted == 0 ? StageState.NothingNew : StageState.Done,
            $"{deleted:N0} deleted: {report.Orphans.Count:N0} files that no snapshot names, {report.Expired.Count:N0} of expired snapshots, {report.Leftovers.Count:N0} leftovers",
            []);
    }
}

internal sealed class CheckStage(Workspace workspace) : MaintenanceStage
{
    private const int ProblemsShown = 20;

    public override string Name => "check";

    /// <exception cref="GateException">Something is wrong; it is named.</exception>
    protected override StageOutcome Run(IProgress<MaintenanceProgress> progress, CancellationToken cancellation)
    {
        var report = new LakeCheck(workspace.Lake, workspace.Bronze).Run(deep: false, progress, cancellation);
        if (report.Problems.Count > 0)
        {
            throw new GateException($"The lake has {report.Problems.Count:N0} problems.\n" + string.Join('\n', report.Problems.Take(ProblemsShown).Select(p => $"  {p}"))
                + "\n`finks lake check` shows all; `finks lake restore` brings a backup back.");
        }

        return new StageOutcome(StageState.Done, $"{report.Files:N0} files, {Megabytes(report.Bytes)}, no problems", []);
    }
}

internal sealed class BackupStage(Workspace workspace, BackupPlace place) : MaintenanceStage
{
    public override string Name => "backup";

    protected override StageOutcome Run(IProgress<MaintenanceProgress> progress, CancellationToken cancellation)
    {
        using (place)
        {
            var report = new LakeBackup(workspace.Lake).Run(place, progress, cancellation);
            return new StageOutcome(
                StageState.Done, $"{report.Manifest.Name}: {report.Manifest.Files:N0} files, {Megabytes(report.Manifest.Bytes)}; {report.Copied:N0} files, {Megabytes(report.CopiedBytes)}, were new", []);
        }
    }
}
