namespace Finks.Orchestration.States;

/// <summary>A state of a run, proposed or taken.</summary>
public sealed record RunState
{
    public required StateType Type { get; init; }

    /// <summary>What people see: the type, or more exactly <c>AwaitingRetry</c>, <c>TimedOut</c>, <c>Cached</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Why, for people; null when the name says it all.</summary>
    public string? Message { get; init; }

    /// <summary>When the backend wrote it, UTC; null for a proposal.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>For <see cref="StateType.Scheduled"/>: not before this time, UTC.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>For a completed task: what it returned, as JSON.</summary>
    public string? Result { get; init; }

    /// <summary>For a failed task: whether another attempt could help. False when the input or the answer itself is wrong.</summary>
    public bool Retriable { get; init; } = true;

    /// <summary>Whether the run has ended.</summary>
    public bool IsFinal => Type is StateType.Completed or StateType.Failed or StateType.Cancelled or StateType.Crashed;

    public static RunState Scheduled(DateTimeOffset notBefore) => new() { Type = StateType.Scheduled, Name = nameof(StateType.Scheduled), NotBefore = notBefore };

    /// <summary>Another attempt is to be made at the time given.</summary>
    public static RunState AwaitingRetry(DateTimeOffset notBefore, string? message) =>
        new() { Type = StateType.Scheduled, Name = StateNames.AwaitingRetry, NotBefore = notBefore, Message = message };

    public static RunState Pending() => Of(StateType.Pending);

    public static RunState Running() => Of(StateType.Running);

    public static RunState Completed(string? message = null, string? result = null) => Of(StateType.Completed, message) with { Result = result };

    public static RunState Failed(string message, bool retriable = true) => Of(StateType.Failed, message) with { Retriable = retriable };

    public static RunState TimedOut(string message) => Of(StateType.Failed, message) with { Name = StateNames.TimedOut };

    public static RunState Cancelling(string? message = null) => Of(StateType.Cancelling, message);

    public static RunState Cancelled(string? message = null) => Of(StateType.Cancelled, message);

    /// <summary>Put off by a person until it is resumed: its process ends, and a worker begins it again.</summary>
    public static RunState Suspended() => Of(StateType.Paused) with { Name = StateNames.Suspended };

    public static RunState Crashed(string message) => Of(StateType.Crashed, message);

    private static RunState Of(StateType type, string? message = null) => new() { Type = type, Name = type.ToString(), Message = message };
}

/// <summary>Names of states that say more than their type. Prefect's.</summary>
public static class StateNames
{
    public const string AwaitingRetry = "AwaitingRetry";
    public const string Retrying = "Retrying";
    public const string Rerunning = "Rerunning";
    public const string TimedOut = "TimedOut";
    public const string Cached = "Cached";
    public const string Suspended = "Suspended";
}
