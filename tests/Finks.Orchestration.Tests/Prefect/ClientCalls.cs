using System.Net;
using System.Text.Json.Nodes;
using Finks.Orchestration.Prefect.Api;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Tests.Prefect;

/// <summary>Each call that the client can make, with all that it can carry.</summary>
internal static class ClientCalls
{
    private static readonly Guid Id = new("0198c1f0-0000-7000-8000-000000000001");
    private static readonly DateTimeOffset Noon = new(2026, 8, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken Never = CancellationToken.None;

    private static readonly StateCreate State = new(
        StateType.Completed, "Completed", "done", new JsonObject { ["artifact_type"] = "result", ["type"] = "finks/result", ["json"] = "1" },
        new StateDetails
        {
            FlowRunId = Id,
            TransitionId = Id,
            ScheduledTime = Noon,
            PauseReschedule = true,
            PauseTimeout = Noon,
            Retriable = false,
            CacheKey = "k",
            CacheExpiration = Noon,
        });

    public static IReadOnlyList<(string Method, Func<PrefectClient, Task> Run)> All { get; } =
    [
        (nameof(PrefectClient.CreateFlowAsync), c => c.CreateFlowAsync(new FlowCreate("daily", new Dictionary<string, string> { ["a"] = "b" }), Never)),
        (nameof(PrefectClient.ReadFlowAsync), c => c.ReadFlowAsync(Id, Never)),
        (nameof(PrefectClient.ReadDeploymentAsync), c => c.ReadDeploymentAsync(Id, Never)),
        (nameof(PrefectClient.FindDeploymentAsync), c => c.FindDeploymentAsync("a flow", "nightly", Never)),
        (nameof(PrefectClient.CreateFlowRunAsync), c => c.CreateFlowRunAsync(Run(), Never)),
        (nameof(PrefectClient.CreateFlowRunAsync), c => c.CreateFlowRunAsync(Id, DeploymentRun(), Never)),
        (nameof(PrefectClient.FindFlowRunAsync), c => c.FindFlowRunAsync(Id, Never)),
        (nameof(PrefectClient.FlowRunsAsync), c => c.FlowRunsAsync(
            new FlowRunFilter(new AnyOf<Guid>([Id]), new AnyOf<Guid>([Id]), new StateFilter(new AnyOf<StateType>(Enum.GetValues<StateType>()))), Never)),
        (nameof(PrefectClient.FindSubflowRunAsync), c => c.FindSubflowRunAsync(Id, Never)),
        (nameof(PrefectClient.LabelFlowRunAsync), c => c.LabelFlowRunAsync(Id, new JsonObject { ["finks.engine"] = "dotnet" }, Never)),
        (nameof(PrefectClient.UpdateFlowRunAsync), c => c.UpdateFlowRunAsync(
            Id, new FlowRunUpdate("n", new JsonObject { ["retries"] = 2, ["retry_delay"] = 30, ["retry_type"] = "in_process" }, "host:1"), Never)),
        (nameof(PrefectClient.SetFlowRunStateAsync), c => c.SetFlowRunStateAsync(Id, State, true, Never)),
        (nameof(PrefectClient.CreateTaskRunAsync), c => c.CreateTaskRunAsync(TaskRun(), Never)),
        (nameof(PrefectClient.FindTaskRunAsync), c => c.FindTaskRunAsync(Id, Never)),
        (nameof(PrefectClient.SetTaskRunStateAsync), c => c.SetTaskRunStateAsync(Id, State, false, Never)),
        (nameof(PrefectClient.WriteLogsAsync), c => c.WriteLogsAsync([new LogCreate("finks", 20, "héllo", Noon, Id, Id)], Never)),
        (nameof(PrefectClient.CreateArtifactAsync), c => c.CreateArtifactAsync(
            new ArtifactCreate("rows-1", "progress", JsonValue.Create(42.5), "d", Id, Id), Never)),
        (nameof(PrefectClient.UpdateArtifactAsync), c => c.UpdateArtifactAsync(Id, new ArtifactUpdate(JsonValue.Create("text"), "d"), Never)),
        (nameof(PrefectClient.WriteEventsAsync), c => c.WriteEventsAsync([Heartbeat()], Never)),
        (nameof(PrefectClient.LastEventAsync), c => c.LastEventAsync("prefect.flow-run.heartbeat", $"prefect.flow-run.{Id}", Never)),
        (nameof(PrefectClient.TryTakeSlotsAsync), c => c.TryTakeSlotsAsync(["w"], TimeSpan.FromSeconds(300), new LeaseHolder("task_run", Id), Never)),
        (nameof(PrefectClient.RenewLeaseAsync), c => c.RenewLeaseAsync(Id, TimeSpan.FromSeconds(300), Never)),
        (nameof(PrefectClient.ReleaseLeaseAsync), c => c.ReleaseLeaseAsync(Id, Never)),
        (nameof(PrefectClient.DueRunsAsync), c => c.DueRunsAsync("a pool", Noon, 7, Never)),
        (nameof(PrefectClient.WorkerHeartbeatAsync), c => c.WorkerHeartbeatAsync("a pool", "w", TimeSpan.FromSeconds(30), Never)),
    ];

    /// <summary>The least that the client takes for an answer to a call.</summary>
    public static HttpResponseMessage Answer(ScriptedServer.Call call)
    {
        var run = $$"""{"id":"{{Id}}","name":"n","flow_id":"{{Id}}"}""";
        var body = call.Path switch
        {
            _ when call.Path.EndsWith("/set_state", StringComparison.Ordinal) => """{"state":null,"status":"ACCEPT","details":{"type":"accept_details"}}""",
            "/flow_runs/filter" => $"[{run}]",
            "/events/filter" => """{"events":[],"total":0,"next_page":null}""",
            _ when call.Path.EndsWith("/get_scheduled_flow_runs", StringComparison.Ordinal) => $$"""[{"flow_run":{{run}}}]""",
            _ when call.Path.EndsWith("-with-lease", StringComparison.Ordinal) => $$"""{"lease_id":"{{Id}}","limits":[]}""",
            _ when call.Path.StartsWith("/task_runs", StringComparison.Ordinal) => $$"""{"id":"{{Id}}","task_key":"t","dynamic_key":"0"}""",
            _ => run,
        };
        return ScriptedServer.Reply(HttpStatusCode.OK, body);
    }

    private static FlowRunCreate Run() => new()
    {
        FlowId = Id,
        DeploymentId = Id,
        Name = "n",
        Parameters = new JsonObject { ["day"] = "2026-08-21" },
        Tags = ["t"],
        Labels = new Dictionary<string, string> { ["a"] = "b" },
        ParentTaskRunId = Id,
        IdempotencyKey = "k",
        State = State,
    };

    private static DeploymentFlowRunCreate DeploymentRun() => new()
    {
        Name = "n",
        Parameters = [],
        Tags = ["t"],
        Labels = new Dictionary<string, string> { ["a"] = "b" },
        ParentTaskRunId = Id,
        IdempotencyKey = "k",
        State = State,
    };

    private static TaskRunCreate TaskRun() => new()
    {
        Id = Id,
        Name = "n",
        FlowRunId = Id,
        TaskKey = "t",
        DynamicKey = "0",
        Tags = ["t"],
        EmpiricalPolicy = new TaskRunPolicy(2, [0.5, 5], 0.3),
        TaskInputs = new Dictionary<string, IReadOnlyList<TaskRunInput>> { ["inputs"] = [new TaskRunInput(Id)] },
        State = State,
    };

    private static EventCreate Heartbeat() => new(
        Id, Noon, "prefect.flow-run.heartbeat", new Dictionary<string, string> { ["prefect.resource.id"] = $"prefect.flow-run.{Id}" },
        [new Dictionary<string, string> { ["prefect.resource.id"] = $"prefect.flow.{Id}", ["prefect.resource.role"] = "flow" }], []);
}
