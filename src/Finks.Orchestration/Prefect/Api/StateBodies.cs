using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Prefect.Api;

/// <summary>A state to be proposed. The server stamps the time.</summary>
/// <param name="Data">A JSON object; the server keeps it as the run's result.</param>
public sealed record StateCreate(
    StateType Type, string? Name = null, string? Message = null, JsonObject? Data = null, StateDetails? StateDetails = null);

/// <summary>The parts of a state's details that Finks sends or reads.</summary>
public sealed record StateDetails
{
    public Guid? FlowRunId { get; init; }

    /// <summary>The same for repeats of one proposal.</summary>
    public Guid? TransitionId { get; init; }

    public DateTimeOffset? ScheduledTime { get; init; }

    public bool? Retriable { get; init; }

    /// <summary>Of a paused run: whether its process is to end, and a worker to begin it again when it is resumed.</summary>
    public bool? PauseReschedule { get; init; }

    /// <summary>Of a paused run: it fails when it is not resumed by then.</summary>
    public DateTimeOffset? PauseTimeout { get; init; }

    public string? CacheKey { get; init; }

    public DateTimeOffset? CacheExpiration { get; init; }
}

/// <summary>A state as the server has it.</summary>
/// <param name="Data">What the state carries; a Python flow may have put any JSON there.</param>
public sealed record StateBody(
    Guid Id, StateType Type, string? Name, DateTimeOffset Timestamp, string? Message, JsonNode? Data, StateDetails? StateDetails)
{
    [JsonIgnore]
    public Guid? TransitionId => StateDetails?.TransitionId;
}

/// <summary>The body of <c>set_state</c>.</summary>
public sealed record SetState(StateCreate State, bool Force);

/// <summary>The server's answer to a proposed state.</summary>
/// <param name="State">The state that counts now; null for some aborts.</param>
public sealed record StateReply(StateBody? State, ReplyStatus Status, ReplyDetails? Details);

/// <summary>What an answer adds to its status.</summary>
/// <param name="DelaySeconds">For <see cref="ReplyStatus.Wait"/>.</param>
public sealed record ReplyDetails(string? Reason, double? DelaySeconds);

/// <summary>Prefect's four answers to a proposed state.</summary>
public enum ReplyStatus
{
    Accept,
    Reject,
    Wait,
    Abort,
}
