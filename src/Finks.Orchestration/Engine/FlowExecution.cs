using Finks.Lake;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Engine;

/// <summary>One flow run at work in this process.</summary>
internal sealed class FlowExecution(FlowEngine engine, FlowRun run)
{
    public FlowEngine Engine => engine;

    public FlowRun Run { get; set; } = run;

    /// <summary>The message of the run's completed state.</summary>
    public string? Conclusion { get; set; }

    /// <summary>Says what the run becomes, or was made by others, when its work was stopped; null when that is not known here. Its subflows ask,
    /// too, which are stopped with it.</summary>
    public required Func<Task<RunState?>> WhyStopped { get; set; }

    public IRunBackend Backend => engine.Backend;

    public IFlowObserver Observer => engine.Observer;

    public TimeProvider Clock => engine.Clock;

    public IdSource Ids => engine.Ids;

    public void Log(Guid? task, LogLevel level, string message)
    {
        var line = new RunLogLine(Run.Id, task, Clock.GetUtcNow(), level, message);
        Backend.Log(line);
        Observer.Logged(line);
    }
}
