using System.Text.Json.Nodes;
using Finks.Orchestration.Prefect.Api;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Prefect;

/// <summary>Between the server's words and Finks's.</summary>
internal static class Translation
{
    private const string ResultType = "finks/result";

    public static StateCreate ToServer(RunState state, StateDetails details) => new(
        state.Type, state.Name, state.Message, Data: null,
        details with { ScheduledTime = state.NotBefore, Retriable = state.Retriable ? null : false });

    /// <summary>
    /// The result of a completed task. The server gives a completed task back instead of running it again only when its data is an object;
    /// Python's clients read one with the key <c>storage_key</c> as their own. JSON travels as text, because PostgreSQL reorders the keys
    /// of objects and Python rounds numbers.
    /// </summary>
    public static JsonObject ResultData(string? result)
    {
        var data = new JsonObject { ["artifact_type"] = "result", ["type"] = ResultType };
        if (result is not null)
            data["json"] = result;
        return data;
    }

    public static RunState FromServer(StateBody state) => new()
    {
        Type = state.Type,
        Name = state.Name ?? state.Type.ToString(),
        Message = string.IsNullOrEmpty(state.Message) ? null : state.Message,
        At = state.Timestamp.ToUniversalTime(),
        NotBefore = state.StateDetails?.ScheduledTime?.ToUniversalTime(),
        Result = Result(state.Data),
        Retriable = state.StateDetails?.Retriable ?? true,
    };

    /// <param name="transition">What was sent: a proposal that arrived twice is refused with the state that it made, and that is a
    /// success.</param>
    public static StateAnswer FromServer(StateReply reply, Guid transition)
    {
        var reason = reply.Details?.Reason ?? "no reason given";
        return (reply.Status, reply.State) switch
        {
            (ReplyStatus.Wait, _) => new StateAnswer.Wait(TimeSpan.FromSeconds(reply.Details?.DelaySeconds ?? 1), reason),
            (ReplyStatus.Accept, { } state) => new StateAnswer.Accepted(FromServer(state)),
            (ReplyStatus.Reject, { } state) when state.TransitionId == transition => new StateAnswer.Accepted(FromServer(state)),
            (ReplyStatus.Reject, { } state) => new StateAnswer.Rejected(FromServer(state), reason),
            _ => new StateAnswer.Aborted(reason),
        };
    }

    public static FlowRun FromServer(FlowRunBody run, string flow, string? deployment) => new()
    {
        Id = run.Id,
        Name = run.Name,
        Flow = flow,
        State = run.State is { } state ? FromServer(state) : RunState.Pending(),
        Parameters = run.Parameters ?? [],
        Tags = run.Tags,
        Deployment = deployment,
        ParentTaskRun = run.ParentTaskRunId,
        RunCount = run.RunCount,
        CreatedAt = run.Created.ToUniversalTime(),
        ScheduledFor = run.ExpectedStartTime?.ToUniversalTime(),
        StartedAt = run.StartTime?.ToUniversalTime(),
        EndedAt = run.EndTime?.ToUniversalTime(),
    };

    /// <param name="asked">What the server does not keep comes from here.</param>
    public static TaskRun FromServer(TaskRunBody task, NewTaskRun asked) => new()
    {
        Id = task.Id,
        FlowRun = asked.FlowRun,
        Task = task.TaskKey,
        Key = task.DynamicKey,
        State = task.State is { } state ? FromServer(state) : RunState.Pending(),
        Policy = asked.Policy,
        Tags = task.Tags,
        Inputs = asked.Inputs,
        RunCount = task.RunCount,
        StartedAt = task.StartTime?.ToUniversalTime(),
        EndedAt = task.EndTime?.ToUniversalTime(),
    };

    private static string? Result(JsonNode? data) =>
        data is JsonObject ours && ours["type"] is JsonValue type && type.TryGetValue(out string? name) && name == ResultType
        && ours["json"] is JsonValue json && json.TryGetValue(out string? text)
            ? text
            : null;
}
