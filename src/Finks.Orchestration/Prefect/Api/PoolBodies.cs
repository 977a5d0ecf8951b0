namespace Finks.Orchestration.Prefect.Api;

/// <summary>Asks for the runs of a pool that are due.</summary>
public sealed record DueRunsSearch(DateTimeOffset ScheduledBefore, int Limit);

/// <summary>A run that is due. Others see it as well: it is nobody's yet.</summary>
public sealed record DueRun(FlowRunBody FlowRun);

/// <summary>Says that a worker is alive.</summary>
public sealed record WorkerHeartbeat(string Name, int HeartbeatIntervalSeconds);
