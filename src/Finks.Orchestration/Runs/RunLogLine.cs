namespace Finks.Orchestration.Runs;

/// <summary>How much a log line matters. The numbers are Python's, which Prefect uses.</summary>
public enum LogLevel
{
    Debug = 10,
    Info = 20,
    Warning = 30,
    Error = 40,
}

/// <summary>A log line of a run.</summary>
/// <param name="At">UTC.</param>
/// <param name="TaskRun">The task run that wrote it; null for the flow itself.</param>
public sealed record RunLogLine(Guid FlowRun, Guid? TaskRun, DateTimeOffset At, LogLevel Level, string Message);
