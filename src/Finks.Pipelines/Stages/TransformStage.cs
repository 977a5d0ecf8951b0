using System.Security.Cryptography;
using System.Text;
using DuckDB.NET.Data;
using Finks.Dbt;
using Finks.Lake;
using Finks.Pipelines.Gold;

namespace Finks.Pipelines.Stages;

/// <summary>A model or a test of severity error failed: Gold stays as it was.</summary>
public sealed class GateException(string message) : Exception(message);

/// <summary>
/// Silver to Gold: models are built where no reader looks, their tests run there, and one commit moves the marts into Gold together.
/// </summary>
public sealed class TransformStage(Workspace workspace) : IStage
{
    private const int FailingRowsShown = 3;

    public string Name => "transform";

    /// <summary>What each mart holds, once the stage has run and found something to do.</summary>
    public IReadOnlyList<GoldChange> Changes { get; private set; } = [];

    public Task<StageOutcome> RunAsync(string runId, IProgress<StageProgress> progress, CancellationToken cancellation) =>
        Task.Run(() => ConflictException.Retry(() => Run(runId, progress, cancellation)), cancellation);

    private StageOutcome Run(string runId, IProgress<StageProgress> progress, CancellationToken cancellation)
    {
        // In this order: a build that another process commits in between makes this one's commit fail, so that it is done again.
        var former = workspace.Gold.Latest();
        var snapshot = workspace.Lake.CurrentSnapshot();
        var build = new GoldBuild(former.Id, SilverSources.NewestChange(workspace, snapshot), ProjectHash());
        if (former == build)
            return new StageOutcome(StageState.NothingNew, "Gold shows the newest Silver already", []);

        using var database = ScratchDatabase.Open(workspace.Lake, workspace.Options.Threads);
        var scratch = database.Connection;
        SilverSources.Show(workspace, snapshot, scratch);
        var manifest = EmbeddedProject.Load(workspace.Options.DbtProject);
        var result = Build(manifest, scratch, progress, cancellation);
        var at = workspace.Clock.GetUtcNow();
        workspace.Lake.Database.Write(tx => NodeResults.Record(tx, runId, result, at));
        if (!result.Succeeded)
            throw new GateException(Explain(result));

        Changes = Publish(scratch, manifest, snapshot, build, runId);
        return Describe(result);
    }

    private BuildResult Build(Manifest manifest, DuckDBConnection scratch, IProgress<StageProgress> progress, CancellationToken cancellation)
    {
        var done = 0;
        var results = new ImmediateProgress<NodeResult>(node => progress.Report(new StageProgress(node.Node.Name, (double)++done / manifest.Nodes.Count)));
        return new DbtRunner(workspace.Clock).Build(manifest, scratch, new BuildOptions { Threads = workspace.Options.Threads }, results, cancellation);
    }

    private List<GoldChange> Publish(DuckDBConnection scratch, Manifest manifest, Snapshot snapshot, GoldBuild build, string runId)
    {
        var publisher = new GoldPublisher(workspace.Lake);
        var changes = GoldModels.Of(manifest).Select(model => publisher.Prepare(scratch, model, snapshot)).ToList();
        var writes = changes.Select(c => c.Write).OfType<TableWrite>().ToList();
        // Which partitions have changed was found out against the Gold tables of the snapshot. Silver may move on: Gold then shows an older state, which is
        // what the build says of itself.
        IReadOnlyList<TableName> reads = [.. changes.Select(c => new TableName(GoldPublisher.Schema, c.Model.Name))];
        var at = workspace.Clock.GetUtcNow();
        if (writes.Count == 0)
        {
            workspace.Lake.WriteLedger(snapshot, reads, tx => GoldLedger.RecordBuild(tx, snapshot.Id, runId, build, at, changes));
            return changes;
        }

        workspace.Lake.Commit(new LakeCommit
        {
            IdempotencyKey = $"transform/{build.SilverSnapshot}/{build.ProjectHash}/after/{build.Id}",
            Author = "finks transform",
            Message = $"{string.Join(", ", writes.Select(w => w.Table.Name))} from snapshot {build.SilverSnapshot}",
            Basis = snapshot,
            Reads = reads,
            Writes = writes,
            Extra = new Dictionary<string, string> { ["run_id"] = runId },
            Ledger = tx => GoldLedger.RecordBuild(tx, tx.SnapshotId!.Value, runId, build, at, changes),
        });
        return changes;
    }

    private string ProjectHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var folder = workspace.Options.DbtProject;
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/'))
            .Where(f => !f.StartsWith("target/", StringComparison.Ordinal) && !f.StartsWith("logs/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        foreach (var file in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file + "\n"));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, file))));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private StageOutcome Describe(BuildResult result)
    {
        var models = result.Results.Count(r => r.Node.ResourceType == ResourceType.Model);
        var tests = result.Results.Where(r => r.Node.ResourceType == ResourceType.Test).ToList();
        var warnings = tests.Where(t => t.Status == NodeStatus.Warn).Select(t => $"warning: {t.Node.Name}: {t.Message}").ToList();
        var rows = Changes.Sum(c => c.Rows);
        return new StageOutcome(
            StageState.Done,
            $"{models} models, {tests.Count - warnings.Count} of {tests.Count} tests passed{(warnings.Count > 0 ? $", {warnings.Count} warned" : "")}; {rows:N0} rows in {Changes.Count} Gold tables",
            warnings);
    }

    private static string Explain(BuildResult result)
    {
        var text = new StringBuilder("The gate before Gold is shut; Gold stays as it was.\n");
        foreach (var bad in result.Results.Where(r => r.Status is NodeStatus.Error or NodeStatus.Fail))
        {
            text.Append($"  {bad.Status.ToString().ToLowerInvariant()}: {bad.Node.Name} ({bad.Node.OriginalFilePath}): {bad.Message}\n");
            foreach (var row in bad.FailingRows?.Rows.Take(FailingRowsShown) ?? [])
                text.Append("    ").AppendJoin(", ", bad.FailingRows!.Columns.Zip(row, (name, value) => $"{name}={value ?? "null"}")).Append('\n');
        }

        var skipped = result.Results.Count(r => r.Status == NodeStatus.Skipped);
        return text.Append(skipped > 0 ? $"  {skipped} nodes that depend on them were skipped.\n" : "").Append("Mend the model or the data, then run `finks transform`.").ToString();
    }
}
