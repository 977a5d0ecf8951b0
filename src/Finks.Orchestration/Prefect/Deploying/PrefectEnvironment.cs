using System.Text.Json.Nodes;
using Finks.Orchestration.Scheduling;

namespace Finks.Orchestration.Prefect.Deploying;

/// <summary>All that one environment wants on a Prefect server, as its file says it.</summary>
/// <param name="Name">Small letters, digits and dashes; marks what Finks makes, so that several environments can share a server.</param>
public sealed record PrefectEnvironment(string Name)
{
    public IReadOnlyList<PoolSpec> Pools { get; init; } = [];

    public IReadOnlyList<DeploymentSpec> Deployments { get; init; } = [];

    public IReadOnlyList<BlockTypeSpec> BlockTypes { get; init; } = [];

    public IReadOnlyList<BlockSpec> Blocks { get; init; } = [];

    public IReadOnlyList<VariableSpec> Variables { get; init; } = [];

    public IReadOnlyList<LimitSpec> Limits { get; init; } = [];

    public IReadOnlyList<AutomationSpec> Automations { get; init; } = [];
}

/// <summary>A work pool.</summary>
/// <param name="Type"><c>process</c> or <c>ecs</c>.</param>
/// <param name="ConcurrencyLimit">Most runs at a time; null for no limit.</param>
/// <param name="Defaults">Values of the template's variables for all runs of the pool: command, env, working_dir, image and others.</param>
public sealed record PoolSpec(
    string Name, string Type, string Description, int? ConcurrencyLimit, JsonObject Defaults, IReadOnlyList<QueueSpec> Queues);

/// <summary>A queue of a pool.</summary>
/// <param name="Priority">1 is served first; unique within the pool.</param>
public sealed record QueueSpec(string Name, string Description, int Priority, int? ConcurrencyLimit);

/// <summary>A flow with what it needs to be run by the workers of a pool.</summary>
public sealed record DeploymentSpec
{
    public required string Flow { get; init; }

    public required string Name { get; init; }

    /// <summary>Null for the flow's own.</summary>
    public string? Description { get; init; }

    /// <summary>Empty in a file that is not for a server.</summary>
    public required string Pool { get; init; }

    public required string Queue { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public required JsonObject Parameters { get; init; }

    /// <summary>Over the defaults of the pool; <c>env</c> is merged with them.</summary>
    public required JsonObject JobVariables { get; init; }

    /// <summary>Most runs at a time; null for no limit.</summary>
    public int? ConcurrencyLimit { get; init; }

    /// <summary>What happens to a run beyond the limit: <c>ENQUEUE</c> or <c>CANCEL_NEW</c>.</summary>
    public string OnCollision { get; init; } = "ENQUEUE";

    /// <summary>Null leaves what people switched by hand.</summary>
    public bool? Paused { get; init; }

    public IReadOnlyList<ScheduleSpec> Schedules { get; init; } = [];

    /// <summary>As people write it: <c>daily/dev</c>.</summary>
    public string FullName => $"{Flow}/{Name}";
}

/// <summary>When a deployment runs: one of the four is there.</summary>
/// <param name="Active">Null makes it active, and later leaves what people switched by hand.</param>
/// <param name="Parameters">Over those of the deployment.</param>
public sealed record ScheduleSpec(string Name, bool? Active, JsonObject Parameters)
{
    /// <summary>Five fields of cron.</summary>
    public string? Cron { get; init; }

    /// <summary>Counted from 1970-01-01T00:00Z.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>A rule of RFC 5545.</summary>
    public string? RRule { get; init; }

    /// <summary>After the close or before the opening of the sessions of an exchange.</summary>
    public Schedule? Exchange { get; init; }

    /// <summary>A name of the IANA database.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>What <see cref="Scheduler"/> does about times that passed while it did not run. A server has its own rule: runs that it has planned
    /// wait for a worker.</summary>
    public CatchUp CatchUp { get; init; }

    /// <summary>The parameters of its runs: these over those of the deployment.</summary>
    internal JsonObject Over(JsonObject deployment)
    {
        var all = deployment.DeepClone().AsObject();
        foreach (var (name, value) in Parameters)
            all[name] = value?.DeepClone();
        return all;
    }
}

/// <summary>A kind of block that Finks brings.</summary>
public sealed record BlockTypeSpec(string Slug, string Name, string Description, IReadOnlyList<BlockFieldSpec> Fields);

/// <summary>A text of a block.</summary>
/// <param name="Secret">Kept encrypted, shown to nobody; its value comes from an environment variable.</param>
public sealed record BlockFieldSpec(string Name, bool Secret, bool Required);

/// <summary>Connection settings that the server keeps.</summary>
/// <param name="Type">The slug of a type of the file, or of one that the server has, such as <c>slack-webhook</c>.</param>
/// <param name="Data">Values; those of <paramref name="FromEnvironment"/> come from the environment and are told to nobody but the
/// server.</param>
public sealed record BlockSpec(string Type, string Name, JsonObject Data, IReadOnlySet<string> FromEnvironment)
{
    public string FullName => $"{Type}/{Name}";
}

/// <summary>A value that flows and job variables can refer to.</summary>
public sealed record VariableSpec(string Name, JsonNode? Value);

/// <summary>How many may hold a slot of this name at a time.</summary>
/// <param name="SlotDecayPerSecond">For limits of a rate: slots that become free each second; 0 for none.</param>
public sealed record LimitSpec(string Name, int Limit, decimal SlotDecayPerSecond);

/// <summary>What the server does by itself when runs of deployments go wrong.</summary>
/// <param name="When">What makes it act.</param>
/// <param name="Deployments">Full names.</param>
/// <param name="Within">How long <see cref="AutomationTrigger.Stuck"/> and <see cref="AutomationTrigger.Late"/> wait.</param>
public sealed record AutomationSpec(
    string Name, string Description, AutomationTrigger When, IReadOnlyList<string> Deployments, TimeSpan Within,
        IReadOnlyList<AutomationAction> Actions);

/// <summary>What an automation waits for.</summary>
public enum AutomationTrigger
{
    /// <summary>A run failed, crashed, or exceeded its time.</summary>
    Failed,

    /// <summary>A run gave no sign of life for so long.</summary>
    Stuck,

    /// <summary>A run began, or should have, and so long after is not completed.</summary>
    Late,
}

/// <summary>What an automation does.</summary>
public abstract record AutomationAction
{
    private AutomationAction()
    {
    }

    /// <summary>The run becomes Crashed.</summary>
    public sealed record Crash(string Message) : AutomationAction;

    /// <summary>The run is asked to stop.</summary>
    public sealed record Cancel : AutomationAction;

    /// <summary>A message goes out through a block such as <c>slack-webhook/alerts</c>.</summary>
    public sealed record Notify(string Block, string Subject, string Body) : AutomationAction;

    /// <summary>A block of type <c>webhook</c> is called.</summary>
    public sealed record Webhook(string Block, string Payload) : AutomationAction;

    /// <summary>Another deployment is run.</summary>
    public sealed record Run(string Deployment, JsonObject Parameters) : AutomationAction;
}
