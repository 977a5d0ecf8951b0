using Finks.Ingestion;
using Finks.Lake.Maintenance;
using Finks.Pipelines.Stages;

namespace Finks.Pipelines.Maintenance;

/// <summary>
/// Bronze files to registers and Silver, when the catalog is lost: every file says which batch of which run it is and what its replies covered. Silver
/// is built run by run, as it was when the runs were cleansed one by one, so that the same files come out, byte for byte.
/// </summary>
public sealed class RebuildStage(Workspace workspace, IReadOnlyCollection<string> accepted) : IStage
{
    // Made once with the stage, so that it does not start when personal data cannot be masked.
    private readonly CleanseStage _everything = new(workspace, accepted);

    public string Name => "rebuild";

    /// <summary>Registers the files of the Bronze zone and cleanses them. Killed at any moment, it goes on when it is run again.</summary>
    public async Task<StageOutcome> RunAsync(string runId, IProgress<StageProgress> progress, CancellationToken cancellation)
    {
        var notes = workspace.Lake.Tables(workspace.Lake.CurrentSnapshot()).Count == 0 ? await Task.Run(() => Register(progress, cancellation), cancellation) : [];
        var steps = Steps();
        var done = new List<StageOutcome>();
        foreach (var through in steps)
        {
            var stage = new CleanseStage(workspace, accepted) { ThroughBatch = through };
            done.Add(await stage.RunAsync(runId, progress, cancellation));
        }

        if (steps.Count == 0)
            done.Add(await _everything.RunAsync(runId, progress, cancellation));
        var batches = workspace.Bronze.All();
        return new StageOutcome(
            notes.Count > 0 ? StageState.Incomplete : StageState.Done,
            $"{batches.Count:N0} batches with {batches.Sum(b => b.Replies):N0} replies registered, cleansed in {steps.Count} steps",
            [.. notes, .. done.SelectMany(d => d.Notes)]);
    }

    /// <summary>Registers what is whole; returns what is not.</summary>
    private List<string> Register(IProgress<StageProgress> progress, CancellationToken cancellation)
    {
        var shown = new ImmediateProgress<MaintenanceProgress>(p => progress.Report(new StageProgress(p.Doing, p.Fraction)));
        var adoption = new BronzeAdoption(workspace.Lake, workspace.Bronze);
        // Nobody writes to a lake that is being rebuilt, so no file is too young.
        var found = adoption.Find(grace: null, shown, cancellation);
        adoption.Adopt(found, CoverageLedger.Restore, shown, cancellation);
        return [.. found.Where(f => f.Problem is not null).Select(f => $"{f.Key}: {f.Problem}")];
    }

    /// <summary>The last unread batch of each run; runs that took turns count anew at each turn.</summary>
    private List<long> Steps()
    {
        var unread = workspace.Lake.Database.Read(reader => reader.Query(
            """
            select b.batch_id, b.run_id from finks_bronze_batch b
            where not exists (select 1 from finks_bronze_consumed c where c.batch_id = b.batch_id) order by b.batch_id
            """,
            row => (Batch: row.GetInt64(0), Run: row.GetString(1))));
        return [.. unread.Where((b, i) => i + 1 == unread.Count || unread[i + 1].Run != b.Run).Select(b => b.Batch)];
    }
}
