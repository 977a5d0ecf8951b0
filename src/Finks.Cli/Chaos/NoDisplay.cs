using Finks.Lake.Maintenance;
using Finks.Orchestration;
using Finks.Orchestration.Runs;

namespace Finks.Cli.Chaos;

/// <summary>Work that nobody watches.</summary>
internal sealed class NoDisplay : IFlowObserver, IProgress<MaintenanceProgress>
{
    public void FlowStarted(FlowRun run)
    {
    }

    public void TaskStarted(FlowRun run, TaskRun task)
    {
    }

    public void TaskProgressed(FlowRun run, TaskRun task, string doing, double? fraction)
    {
    }

    public void TaskEnded(FlowRun run, TaskRun task, object? result)
    {
    }

    public void FlowEnded(FlowRun run)
    {
    }

    public void Logged(RunLogLine line)
    {
    }

    public void Report(MaintenanceProgress value)
    {
    }
}
