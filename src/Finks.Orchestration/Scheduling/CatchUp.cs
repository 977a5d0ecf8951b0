namespace Finks.Orchestration.Scheduling;

/// <summary>What happens to the times that passed while no scheduler ran: the machine slept, or the process was down.</summary>
public enum CatchUp
{
    /// <summary>The latest of them runs, for all: enough for a flow that brings everything up to date.</summary>
    Latest,

    /// <summary>They are left out; the next one runs at its time.</summary>
    Skip,

    /// <summary>Each of them runs, the oldest first: for a flow whose work depends on its scheduled time.</summary>
    All,
}
