using System.Text.Json.Nodes;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Prefect.Api;

/// <summary>A flow to be made, or found by its name.</summary>
public sealed record FlowCreate(string Name, IReadOnlyDictionary<string, string>? Labels = null);

/// <summary>A flow as the server has it.</summary>
public sealed record FlowBody(Guid Id, string Name);

/// <summary>A deployment as far as Finks reads it.</summary>
public sealed record DeploymentBody(Guid Id, string Name, Guid FlowId);

/// <summary>A flow run to be made, without a work queue: no worker takes it.</summary>
public sealed record FlowRunCreate
{
    public required Guid FlowId { get; init; }

    public Guid? DeploymentId { get; init; }

    public required string Name { get; init; }

    public required JsonObject Parameters { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public Guid? ParentTaskRunId { get; init; }

    public string? IdempotencyKey { get; init; }

    public required StateCreate State { get; init; }
}

/// <summary>A run of a deployment to be made, which a worker of its pool will take when its time has come.</summary>
public sealed record DeploymentFlowRunCreate
{
    public required string Name { get; init; }

    public required JsonObject Parameters { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public Guid? ParentTaskRunId { get; init; }

    public string? IdempotencyKey { get; init; }

    public required StateCreate State { get; init; }
}

/// <summary>Changes to a flow run; what is null stays.</summary>
/// <param name="EmpiricalPolicy">Replaces the whole object: read it, change it, send it back.</param>
/// <param name="InfrastructurePid"><c>host:pid</c>.</param>
public sealed record FlowRunUpdate(string? Name = null, JsonObject? EmpiricalPolicy = null, string? InfrastructurePid = null);

/// <summary>A flow run as the server has it.</summary>
public sealed record FlowRunBody
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required Guid FlowId { get; init; }

    public Guid? DeploymentId { get; init; }

    /// <summary>Null for a run that was made without a state.</summary>
    public StateBody? State { get; init; }

    public JsonObject? Parameters { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Values are strings, numbers or truth values.</summary>
    public JsonObject? Labels { get; init; }

    public Guid? ParentTaskRunId { get; init; }

    public int RunCount { get; init; }

    public JsonObject? EmpiricalPolicy { get; init; }

    public string? InfrastructurePid { get; init; }

    /// <summary>What the deployment, or whoever made the run, sets for the process that works on it.</summary>
    public JsonObject? JobVariables { get; init; }

    public DateTimeOffset Created { get; init; }

    public DateTimeOffset Updated { get; init; }

    public DateTimeOffset? ExpectedStartTime { get; init; }

    public DateTimeOffset? StartTime { get; init; }

    public DateTimeOffset? EndTime { get; init; }

    /// <summary>Waits for a retry that only the process which ran it will make.</summary>
    public bool RetriesInProcess =>
        EmpiricalPolicy?["retry_type"] is JsonValue type && type.TryGetValue(out string? name) && name == "in_process";
}

/// <summary>A task run to be made, or found by its flow run, key and dynamic key.</summary>
public sealed record TaskRunCreate
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required Guid FlowRunId { get; init; }

    public required string TaskKey { get; init; }

    public required string DynamicKey { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public required TaskRunPolicy EmpiricalPolicy { get; init; }

    /// <summary>The edges of the run's graph, by the name of the input.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<TaskRunInput>> TaskInputs { get; init; }

    public required StateCreate State { get; init; }
}

/// <summary>An edge of the graph.</summary>
public sealed record TaskRunInput(Guid Id)
{
    public string InputType => "task_run";
}

/// <summary>By which rules the server answers for a task.</summary>
/// <param name="RetryDelay">Seconds before each retry; the last holds for all that follow.</param>
public sealed record TaskRunPolicy(int Retries, IReadOnlyList<double>? RetryDelay = null, double? RetryJitterFactor = null);

/// <summary>A task run as the server has it.</summary>
public sealed record TaskRunBody
{
    public required Guid Id { get; init; }

    public Guid? FlowRunId { get; init; }

    public required string TaskKey { get; init; }

    public required string DynamicKey { get; init; }

    public StateBody? State { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public int RunCount { get; init; }

    public DateTimeOffset? StartTime { get; init; }

    public DateTimeOffset? EndTime { get; init; }
}

/// <summary>The body of a flow run search.</summary>
public sealed record FlowRunSearch(FlowRunFilter FlowRuns, string Sort, int Limit, int Offset = 0);

/// <summary>Which flow runs; parts that are null do not matter.</summary>
public sealed record FlowRunFilter(AnyOf<Guid>? Id = null, AnyOf<Guid>? ParentTaskRunId = null, StateFilter? State = null);

/// <summary>Which states; parts that are null do not matter.</summary>
public sealed record StateFilter(AnyOf<StateType>? Type = null, AnyOf<string>? Name = null);
