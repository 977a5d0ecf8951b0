using Finks.Orchestration;
using Finks.Orchestration.Local;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;
using Finks.Pipelines.Stages;

namespace Finks.Pipelines.Flows;

/// <summary>A finished stage of a run.</summary>
internal sealed record StageResult(TaskRun Task, StageOutcome Outcome);

/// <summary>What the stages of a run and of its subflows did, as the ledger has it.</summary>
public static class StageResults
{
    /// <summary>What a finished stage said of itself; null for a task that is no stage, or has not completed.</summary>
    public static string? SummaryOf(TaskRun task) => Of(task).FirstOrDefault()?.Outcome.Summary;

    internal static IEnumerable<StageResult> Of(RunTree tree) => tree.Tasks.SelectMany(t => t.Subflow is { } subflow ? Of(subflow) : Of(t.Run));

    private static IEnumerable<StageResult> Of(TaskRun task)
    {
        if (task.State is { Type: StateType.Completed, Result: { } json } && json.Contains("\"summary\"", StringComparison.Ordinal))
            yield return new StageResult(task, Flow.ReadResult<StageOutcome>(json));
    }
}
