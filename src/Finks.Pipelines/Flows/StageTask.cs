using Finks.Fmp;
using Finks.Lake;
using Finks.Orchestration;
using Finks.Orchestration.Runs;
using Finks.Pipelines.Stages;

namespace Finks.Pipelines.Flows;

/// <summary>A stage as a task of a flow: its progress, its summary and its notes belong to the run.</summary>
internal static class StageTask
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(2);

    /// <param name="retries">Attempts after the first, for errors that may pass.</param>
    public static async Task<TaskResult<StageOutcome>> RunStageAsync(
        this FlowContext flow, string name, Func<IStage> stage, TimeProvider clock, int retries = 0, string? key = null, params Guid[] inputs)
    {
        var spec = new TaskSpec(name)
        {
            Policy = new TaskPolicy { Retries = retries, RetryDelays = TaskSpec.Backoff(FirstPause, retries, factor: 3, most: TimeSpan.FromMinutes(5)), RetryJitter = 0.3 },
            IsTransient = MayPass,
        };
        var result = await flow.RunAsync(spec, task => RunAsync(task, stage(), clock), key, inputs);
        if (result.Value.State == StageState.Incomplete)
            flow.Conclude($"incomplete: {name}: {result.Value.Summary}");
        return result;
    }

    /// <summary>Whether an error has to do with a disk, a network or another process, and not with the data.</summary>
    internal static bool MayPass(Exception error) => error is IOException or HttpRequestException or FmpTransportException or LakeException or ConflictException or TimeoutException;

    private static async Task<StageOutcome> RunAsync(TaskContext task, IStage stage, TimeProvider clock)
    {
        var artifact = $"{task.Run.Task}-progress";
        var told = clock.GetTimestamp();
        var progress = new ImmediateProgress<StageProgress>(p =>
        {
            task.Report(p.Doing, p.Fraction);
            if (p.Fraction is not { } fraction || clock.GetElapsedTime(told) < ProgressInterval)
                return;
            told = clock.GetTimestamp();
            task.Put(new Artifact.Progress(artifact, fraction, p.Doing));
        });
        var outcome = await stage.RunAsync(RunId(task.FlowRun), progress, task.Cancellation);
        task.Put(new Artifact.Progress(artifact, 1, outcome.Summary));
        task.Log(LogLevel.Info, outcome.Summary);
        foreach (var note in outcome.Notes)
            task.Log(outcome.State == StageState.Incomplete ? LogLevel.Warning : LogLevel.Info, note);
        return outcome;
    }

    /// <summary>The run as Bronze batches, quality results and all other ledgers name it.</summary>
    internal static string RunId(FlowRun run) => run.Id.ToString("D", System.Globalization.CultureInfo.InvariantCulture);
}
