using System.Runtime.ExceptionServices;
using Finks.Pipelines.Stages;

namespace Finks.Pipelines;

/// <summary>Sees a run go on. Called from one thread at a time.</summary>
public interface IRunObserver
{
    void StageStarted(string stage);

    void StageProgressed(string stage, StageProgress progress);

    void StageEnded(StageRecord stage);
}

/// <summary>A stage that has ended.</summary>
public sealed record StageRecord(string Stage, TimeSpan Took, StageOutcome Outcome);

/// <summary>What a whole run did.</summary>
public sealed record RunSummary(string RunId, IReadOnlyList<StageRecord> Stages)
{
    /// <summary>Whether any stage left something for the next run.</summary>
    public bool Incomplete => Stages.Any(s => s.Outcome.State == StageState.Incomplete);
}

/// <summary>Runs stages one after the other and keeps the record. The first that fails ends the run.</summary>
public sealed class PipelineRun(Workspace workspace, IRunObserver observer)
{
    /// <summary>Runs the stages in order.</summary>
    /// <param name="command">The command as the user gave it, for the record.</param>
    public async Task<RunSummary> RunAsync(string command, IReadOnlyList<IStage> stages, CancellationToken cancellation)
    {
        var runId = workspace.Runs.Begin(command);
        var records = new List<StageRecord>();
        try
        {
            foreach (var stage in stages)
                records.Add(await RunStageAsync(runId, stage, cancellation));
        }
        catch (Exception error)
        {
            workspace.Runs.End(runId, cancellation.IsCancellationRequested ? "cancelled" : "failed", error.Message);
            throw;
        }

        var summary = new RunSummary(runId, records);
        workspace.Runs.End(runId, summary.Incomplete ? "incomplete" : "succeeded", null);
        return summary;
    }

    private async Task<StageRecord> RunStageAsync(string runId, IStage stage, CancellationToken cancellation)
    {
        var startedAt = workspace.Clock.GetUtcNow();
        var start = workspace.Clock.GetTimestamp();
        observer.StageStarted(stage.Name);
        try
        {
            var outcome = await stage.RunAsync(runId, new ImmediateProgress<StageProgress>(p => observer.StageProgressed(stage.Name, p)), cancellation);
            var record = new StageRecord(stage.Name, workspace.Clock.GetElapsedTime(start), outcome);
            workspace.Runs.Stage(runId, stage.Name, startedAt, record.Took, outcome.State.ToString(), outcome.Summary);
            observer.StageEnded(record);
            return record;
        }
        catch (Exception error)
        {
            workspace.Runs.Stage(runId, stage.Name, startedAt, workspace.Clock.GetElapsedTime(start), "failed", error.Message);
            ExceptionDispatchInfo.Throw(error);
            throw;
        }
    }
}
