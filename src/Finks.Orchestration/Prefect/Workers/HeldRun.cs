using Finks.Orchestration.Prefect.Api;

namespace Finks.Orchestration.Prefect.Workers;

/// <summary>A run that a worker has claimed.</summary>
internal sealed class HeldRun(FlowRunBody run, Claim claim)
{
    public FlowRunBody Run { get; } = run;

    public Claim Claim { get; set; } = claim;

    /// <summary>Null until its time has come.</summary>
    public ChildProcess? Process { get; set; }

    /// <summary>When the process was asked to end; null while it was not.</summary>
    public long? AskedToEnd { get; set; }

    /// <summary>It was asked in vain, and killed.</summary>
    public bool IsKilled { get; set; }
}
