using Finks.Orchestration.Runs;

namespace Finks.Orchestration;

/// <summary>Sees runs go on, for a display. Calls may come from several threads.</summary>
public interface IFlowObserver
{
    void FlowStarted(FlowRun run);

    void TaskStarted(FlowRun run, TaskRun task);

    void TaskProgressed(FlowRun run, TaskRun task, string doing, double? fraction);

    /// <summary>A task has a state that ends an attempt: completed, failed, waiting for a retry.</summary>
    void TaskEnded(FlowRun run, TaskRun task, object? result);

    void FlowEnded(FlowRun run);

    void Logged(RunLogLine line);
}
