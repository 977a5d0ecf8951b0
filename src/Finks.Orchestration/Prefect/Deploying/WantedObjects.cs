using System.Text.Json.Nodes;

namespace Finks.Orchestration.Prefect.Deploying;

/// <summary>An environment as bodies of Prefect's interface.</summary>
internal sealed class WantedObjects(PrefectEnvironment environment, IReadOnlyList<Flow> flows, DateTimeOffset now)
{
    private readonly Marks _marks = new(environment.Name);

    /// <summary>In the order of their kinds; queues by priority, as setting one moves the others of the same priority down.</summary>
    public IReadOnlyList<WantedObject> All() =>
    [
        .. environment.Variables.Select(v => Variable(v.Name, v.Value)),
        .. environment.Limits.Count == 0 ? Enumerable.Empty<WantedObject>() : [LimitList()],
        .. environment.Limits.Select(Limit),
        .. environment.BlockTypes.Select(BlockType),
        .. environment.Blocks.Select(Block),
        .. environment.Deployments.Select(d => d.Flow).Distinct().Select(Flow),
        .. environment.Pools.Select(Pool),
        .. environment.Pools.SelectMany(p => p.Queues.OrderBy(q => q.Priority).Select(q => Queue(p, q))),
        .. environment.Deployments.Select(Deployment),
        .. environment.Deployments.SelectMany(d => d.Schedules.Select(s => Schedule(d, s))),
        .. environment.Automations.Select(a => new WantedObject(ObjectKind.Automation, a.Name, AutomationBody.Of(a, _marks))),
    ];

    private WantedObject Variable(string name, JsonNode? value) => new(
        ObjectKind.Variable, name, new JsonObject { ["name"] = name, ["value"] = value?.DeepClone(), ["tags"] = _marks.Tags() });

    private WantedObject LimitList() =>
        Variable(_marks.LimitList,
            new JsonArray([.. environment.Limits.Select(l => JsonValue.Create(l.Name)).OrderBy(n => n.GetValue<string>(),
                StringComparer.Ordinal)]));

    private static WantedObject Limit(LimitSpec limit) => new(ObjectKind.Limit, limit.Name, new JsonObject
    {
        ["name"] = limit.Name,
        ["limit"] = limit.Limit,
        ["slot_decay_per_second"] = limit.SlotDecayPerSecond,
    });

    private WantedObject BlockType(BlockTypeSpec type) => new(ObjectKind.BlockType, type.Slug, new JsonObject
    {
        ["name"] = type.Name,
        ["slug"] = type.Slug,
        ["description"] = _marks.Describe(type.Description),
        ["fields"] = Fields(type),
    })
    {
        OnlyAtFirst = new HashSet<string> { "name" },
    };

    private static JsonObject Fields(BlockTypeSpec type)
    {
        var properties = new JsonObject();
        foreach (var (field, position) in type.Fields.Append(new BlockFieldSpec(BlockMark.Field, false, false)).Select((f, i) => (f, i)))
        {
            var property = new JsonObject { ["title"] = field.Name, ["type"] = "string", ["position"] = position };
            if (field.Secret)
                (property["writeOnly"], property["format"]) = (true, "password");
            properties[field.Name] = property;
        }

        return new JsonObject
        {
            ["title"] = type.Name,
            ["type"] = "object",
            ["block_type_slug"] = type.Slug,
            ["secret_fields"] = Names(type.Fields.Where(f => f.Secret)),
            ["block_schema_references"] = new JsonObject(),
            ["required"] = Names(type.Fields.Where(f => f.Required)),
            ["properties"] = properties,
        };
    }

    private static JsonArray Names(IEnumerable<BlockFieldSpec> fields) => [.. fields.Select(f => JsonValue.Create(f.Name))];

    private WantedObject Block(BlockSpec block)
    {
        var data = block.Data.DeepClone().AsObject();
        data[BlockMark.Field] = _marks.Own;
        return new WantedObject(ObjectKind.Block, block.FullName, new JsonObject
        {
            ["name"] = block.Name,
            ["block_type_id"] = ServerReference.To(ObjectKind.BlockType, block.Type),
            ["block_schema_id"] = ServerReference.ToSchema(block.Type),
            ["data"] = data,
        })
        {
            FromEnvironment = block.FromEnvironment,
        };
    }

    private WantedObject Flow(string name) => new(
        ObjectKind.Flow, name, new JsonObject { ["name"] = name, ["tags"] = _marks.Tags() })
    {
        OnlyAtFirst =
            new HashSet<string> { "tags" }
    };

    private WantedObject Pool(PoolSpec pool) => new(ObjectKind.Pool, pool.Name, new JsonObject
    {
        ["name"] = pool.Name,
        ["type"] = pool.Type,
        ["description"] = _marks.Describe(pool.Description),
        ["concurrency_limit"] = pool.ConcurrencyLimit,
        ["base_job_template"] = PoolTemplate.Of(pool),
    });

    private WantedObject Queue(PoolSpec pool, QueueSpec queue) => new(ObjectKind.Queue, $"{pool.Name}/{queue.Name}", new JsonObject
    {
        ["name"] = queue.Name,
        ["description"] = _marks.Describe(queue.Description),
        ["priority"] = queue.Priority,
        ["concurrency_limit"] = queue.ConcurrencyLimit,
    });

    private WantedObject Deployment(DeploymentSpec deployment)
    {
        var flow = flows.First(f => f.Name == deployment.Flow);
        var body = new JsonObject
        {
            ["name"] = deployment.Name,
            ["flow_id"] = ServerReference.To(ObjectKind.Flow, deployment.Flow),
            ["description"] = deployment.Description ?? flow.Description,
            ["tags"] = _marks.Tags(deployment.Tags),
            ["work_pool_name"] = deployment.Pool,
            ["work_queue_name"] = deployment.Queue,
            ["job_variables"] = deployment.JobVariables.DeepClone(),
            ["parameters"] = deployment.Parameters.DeepClone(),
            ["enforce_parameter_schema"] = true,
            ["parameter_openapi_schema"] = flow.ParameterSchema,
            ["concurrency_limit"] = deployment.ConcurrencyLimit,
            ["concurrency_options"] = deployment.ConcurrencyLimit is null ? null
                : new JsonObject { ["collision_strategy"] = deployment.OnCollision },
            // Without one the server's pages call the deployment deprecated; nobody loads it.
            ["entrypoint"] = $"finks:{deployment.Flow}",
        };
        if (deployment.Paused is { } paused)
            body["paused"] = paused;
        return new WantedObject(ObjectKind.Deployment, deployment.FullName, body);
    }

    private WantedObject Schedule(DeploymentSpec deployment, ScheduleSpec schedule) =>
        new(ObjectKind.Schedule, $"{deployment.FullName}#{schedule.Name}", new JsonObject
        {
            ["slug"] = Marks.Slug(schedule.Name),
            ["active"] = schedule.Active ?? true,
            ["schedule"] = Times(schedule),
            ["parameters"] = schedule.Parameters.DeepClone(),
        })
        {
            OnlyAtFirst = schedule.Active is null ? new HashSet<string> { "active" } : new HashSet<string>(),
        };

    private JsonObject Times(ScheduleSpec schedule) => schedule switch
    {
        { Cron: { } cron } => new JsonObject { ["cron"] = cron, ["timezone"] = schedule.TimeZone, ["day_or"] = true },
        { Every: { } every } => new JsonObject
        {
            ["interval"] = every.TotalSeconds,
            ["anchor_date"] = "1970-01-01T00:00:00Z",
            ["timezone"] = schedule.TimeZone,
        },
        { RRule: { } rule } => new JsonObject { ["rrule"] = ExchangeTimes.WithStart(rule), ["timezone"] = schedule.TimeZone },
        { Exchange: { } exchange } => new JsonObject { ["rrule"] = ExchangeTimes.Rule(exchange, now), ["timezone"] = "UTC" },
        _ => throw new InvalidOperationException($"The schedule {schedule.Name} has no times."),
    };
}
