using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Prefect.Api;

/// <summary>What travels between Finks and the server. Written ahead of time: no reflection at the start of a program.</summary>
[JsonSerializable(typeof(FlowCreate))]
[JsonSerializable(typeof(FlowBody))]
[JsonSerializable(typeof(DeploymentBody))]
[JsonSerializable(typeof(FlowRunCreate))]
[JsonSerializable(typeof(DeploymentFlowRunCreate))]
[JsonSerializable(typeof(FlowRunUpdate))]
[JsonSerializable(typeof(FlowRunSearch))]
[JsonSerializable(typeof(FlowRunBody[]))]
[JsonSerializable(typeof(SetState))]
[JsonSerializable(typeof(StateReply))]
[JsonSerializable(typeof(TaskRunCreate))]
[JsonSerializable(typeof(TaskRunBody))]
[JsonSerializable(typeof(LogCreate[]))]
[JsonSerializable(typeof(ArtifactCreate))]
[JsonSerializable(typeof(ArtifactUpdate))]
[JsonSerializable(typeof(ArtifactBody))]
[JsonSerializable(typeof(EventCreate[]))]
[JsonSerializable(typeof(EventSearch))]
[JsonSerializable(typeof(EventPage))]
[JsonSerializable(typeof(LeaseCreate))]
[JsonSerializable(typeof(LeaseBody))]
[JsonSerializable(typeof(LeaseRenewal))]
[JsonSerializable(typeof(DueRunsSearch))]
[JsonSerializable(typeof(DueRun[]))]
[JsonSerializable(typeof(WorkerHeartbeat))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(JsonArray))]
internal sealed partial class PrefectJson : JsonSerializerContext
{
    public static PrefectJson Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new UpperCase<StateType>(), new UpperCase<ReplyStatus>() },
        // Text stays as it is: the default escapes would make a Japanese log line twice as long. No browser reads these bodies.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

/// <summary>Names such as <c>CANCELLING</c>.</summary>
internal sealed class UpperCase<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseUpper, allowIntegerValues: false)
    where T : struct, Enum;
