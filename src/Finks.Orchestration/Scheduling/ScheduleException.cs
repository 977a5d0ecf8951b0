namespace Finks.Orchestration.Scheduling;

/// <summary>A schedule that cannot be. The message says what, where, why and what to write instead.</summary>
public sealed class ScheduleException(string message, Exception? cause = null) : Exception(message, cause);
