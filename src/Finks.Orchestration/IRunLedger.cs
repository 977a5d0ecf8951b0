using Finks.Orchestration.Runs;

namespace Finks.Orchestration;

/// <summary>Finks's own record of runs that another backend rules: they can be looked at beside all others, and units belong to them.</summary>
public interface IRunLedger : IRunBackend
{
    /// <summary>Keeps a flow run, which this process works on, in the state that it is in. Task runs and units follow only while it is Running.</summary>
    Task KeepAsync(FlowRun run, CancellationToken cancellation);

    /// <summary>Keeps a task run of such a flow run, in the state that it is in.</summary>
    void Keep(TaskRun task);
}
