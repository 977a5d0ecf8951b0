using Finks.Lake;
using Finks.Orchestration.Runs;

namespace Finks.Orchestration.Engine;

/// <summary>One flow run at work in this process.</summary>
internal sealed class FlowExecution(FlowEngine engine, FlowRun run)
{
    public FlowEngine Engine => engine;

    public FlowRun Run { get; set; } = run;

    /// <summary>The message of the run's completed state.</summary>
    public string? Conclusion { get; set; }

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
