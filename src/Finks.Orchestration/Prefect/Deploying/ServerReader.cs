using System.Text.Json.Nodes;
using Finks.Orchestration.Prefect.Api;

namespace Finks.Orchestration.Prefect.Deploying;

/// <summary>Reads what a server has of all that Finks makes, and finds out what of it is Finks's own. It changes nothing.</summary>
internal sealed class ServerReader(PrefectClient client, Marks marks, IReadOnlyList<WantedObject> wanted)
{
    private readonly List<FoundObject> _found = [];

    public async Task<ServerState> ReadAsync(CancellationToken cancellation)
    {
        await ReadValuesAsync(cancellation).ConfigureAwait(false);
        var schemas = await ReadBlocksAsync(cancellation).ConfigureAwait(false);
        await ReadDeploymentsAsync(cancellation).ConfigureAwait(false);
        foreach (var automation in await ListAsync("/automations/filter", cancellation).ConfigureAwait(false))
            Add(ObjectKind.Automation, Text(automation, "name"), $"/automations/{Id(automation)}", marks.IsInTags(automation), automation);
        return new ServerState(_found, schemas);
    }

    private async Task ReadValuesAsync(CancellationToken cancellation)
    {
        var variables = await ListAsync("/variables/filter", cancellation).ConfigureAwait(false);
        foreach (var variable in variables)
            Add(ObjectKind.Variable, Text(variable, "name"), $"/variables/{Id(variable)}", marks.IsInTags(variable), variable);
        var list = variables.FirstOrDefault(v => marks.IsInTags(v) && Text(v, "name") == marks.LimitList);
        var ours = (list?["value"] as JsonArray)?.Select(n => n!.GetValue<string>()).ToHashSet() ?? [];
        foreach (var limit in await ListAsync("/v2/concurrency_limits/filter", cancellation).ConfigureAwait(false))
            Add(ObjectKind.Limit, Text(limit, "name"), $"/v2/concurrency_limits/{Id(limit)}", ours.Contains(Text(limit, "name")), limit);
    }

    private async Task<IReadOnlyDictionary<string, JsonNode>> ReadBlocksAsync(CancellationToken cancellation)
    {
        var types = await ListAsync("/block_types/filter", cancellation).ConfigureAwait(false);
        var slugs = types.ToDictionary(Id, t => Text(t, "slug"));
        var blocks = (await ListAsync("/block_documents/filter", cancellation).ConfigureAwait(false)).Where(
            b => b["name"] is not null).ToList();
        var schemas = new Dictionary<string, JsonNode>();
        foreach (var type in types)
        {
            var slug = Text(type, "slug");
            if (await SchemaAsync(slug, Id(type), cancellation).ConfigureAwait(false) is { } schema)
            {
                schemas[slug] = schema;
                type["fields"] = schema["fields"]!.DeepClone();
            }

            var others = blocks.Count(b => b["block_type_id"]!.GetValue<Guid>() == Id(type) && !IsOurs(b));
            Add(
                ObjectKind.BlockType, slug, $"/block_types/{Id(type)}", marks.IsInDescription(type), type,
                others > 0 ? $"{others} blocks of others are of this type" : null);
        }

        foreach (var block in blocks)
        {
            // Secrets of other people are not asked for.
            var body = IsOurs(block)
                ? (await client.SendJsonAsync(HttpMethod.Get, $"/block_documents/{Id(block)}?include_secrets=true", null,
                    cancellation).ConfigureAwait(false))!.AsObject()
                : block;
            Add(ObjectKind.Block, $"{slugs[block["block_type_id"]!.GetValue<Guid>()]}/{Text(block, "name")}",
                $"/block_documents/{Id(block)}", IsOurs(block), body);
        }

        return schemas;
    }

    /// <summary>The schema of a type that blocks are to have: the one with the wanted fields, or the newest of a type that the file does
    /// not bring.</summary>
    private async Task<JsonNode?> SchemaAsync(string slug, Guid type, CancellationToken cancellation)
    {
        var declared = wanted.FirstOrDefault(w => w.Kind == ObjectKind.BlockType && w.Name == slug);
        if (declared is null && !wanted.Any(w => w.Kind == ObjectKind.Block && w.Name.StartsWith(slug + "/", StringComparison.Ordinal)))
            return null;
        var filter = new JsonObject { ["block_schemas"] = new JsonObject { ["block_type_id"] = AnyOf(type) } };
        var schemas = await client.ListAsync("/block_schemas/filter", filter, cancellation).ConfigureAwait(false);
        return declared is null
            ? schemas.FirstOrDefault()
            : schemas.FirstOrDefault(s => JsonDifference.Between(new JsonObject { ["fields"] = declared.Body["fields"]!.DeepClone() },
                s).Count == 0);
    }

    private async Task ReadDeploymentsAsync(CancellationToken cancellation)
    {
        var deployments = await ListAsync("/deployments/filter", cancellation).ConfigureAwait(false);
        var others = deployments.Where(d => !marks.IsInTags(d)).ToList();
        var flows = new Dictionary<Guid, string>();
        foreach (var flow in await ListAsync("/flows/filter", cancellation).ConfigureAwait(false))
        {
            flows[Id(flow)] = Text(flow, "name");
            var kept = others.Any(d => d["flow_id"]!.GetValue<Guid>() == Id(flow)) ? "deployments of others are of this flow"
                : await HasRunsAsync(flow, cancellation).ConfigureAwait(false) ? "its runs would go as well" : null;
            Add(ObjectKind.Flow, Text(flow, "name"), $"/flows/{Id(flow)}", marks.IsInTags(flow), flow, kept);
        }

        foreach (var pool in await ListAsync("/work_pools/filter", cancellation).ConfigureAwait(false))
            await ReadPoolAsync(pool, others, cancellation).ConfigureAwait(false);
        foreach (var deployment in deployments)
        {
            var name = $"{flows.GetValueOrDefault(deployment["flow_id"]!.GetValue<Guid>())}/{Text(deployment, "name")}";
            deployment["concurrency_limit"] = deployment["global_concurrency_limit"]?["limit"]?.DeepClone();
            Add(ObjectKind.Deployment, name, $"/deployments/{Id(deployment)}", marks.IsInTags(deployment), deployment);
            if (marks.IsInTags(deployment))
                AddSchedules(name, deployment);
        }
    }

    private void AddSchedules(string deployment, JsonObject body)
    {
        foreach (var schedule in body["schedules"]!.AsArray().OfType<JsonObject>().Where(s => Marks.IsOwnSlug((string?)s["slug"])))
            Add(ObjectKind.Schedule, $"{deployment}#{Marks.ScheduleOf(Text(schedule, "slug"))}",
                $"/deployments/{Id(body)}/schedules/{Id(schedule)}", true, schedule);
    }

    private async Task ReadPoolAsync(JsonObject pool, IReadOnlyList<JsonObject> others, CancellationToken cancellation)
    {
        var name = Text(pool, "name");
        var path = $"/work_pools/{Uri.EscapeDataString(name)}";
        IReadOnlyList<JsonObject> queues = marks.IsInDescription(pool)
            ? await ListAsync($"{path}/queues/filter", cancellation).ConfigureAwait(false)
            : [];
        var kept = others.Any(d => (string?)d["work_pool_name"] == name) ? "deployments of others use it"
            : queues.Any(q => Text(q, "name") != "default" && !marks.IsInDescription(q)) ? "it has queues of others"
            : null;
        Add(ObjectKind.Pool, name, path, marks.IsInDescription(pool), pool, kept);
        foreach (var queue in queues)
        {
            var used = others.Any(d => (string?)d["work_pool_name"] == name && (string?)d["work_queue_name"] == Text(queue, "name"));
            Add(
                ObjectKind.Queue, $"{name}/{Text(queue, "name")}", $"{path}/queues/{Uri.EscapeDataString(Text(queue, "name"))}",
                    marks.IsInDescription(queue),
                queue, used ? "deployments of others use it" : null);
        }
    }

    /// <summary>Runs that have begun: those to come go with their deployment. Asked only of flows that nobody wants any more.</summary>
    private async Task<bool> HasRunsAsync(JsonObject flow, CancellationToken cancellation)
    {
        if (!marks.IsInTags(flow) || wanted.Any(w => w.Kind == ObjectKind.Flow && w.Name == Text(flow, "name")))
            return false;
        var filter = new JsonObject
        {
            ["flows"] = new JsonObject { ["id"] = AnyOf(Id(flow)) },
            ["flow_runs"] = new JsonObject
            {
                ["state"] =
                new JsonObject { ["type"] = new JsonObject { ["not_any_"] = new JsonArray("SCHEDULED") } }
            },
        };
        return (await client.SendJsonAsync(HttpMethod.Post, "/flow_runs/count", filter, cancellation).ConfigureAwait(false))!
            .GetValue<int>() > 0;
    }

    private Task<IReadOnlyList<JsonObject>> ListAsync(string path, CancellationToken cancellation) => client.ListAsync(path, [],
        cancellation);

    private void Add(ObjectKind kind, string name, string path, bool ours, JsonObject body, string? kept = null) =>
        _found.Add(new FoundObject(kind, name, Id(body), path, ours, body) { KeptBecause = kept });

    private bool IsOurs(JsonObject block) => (string?)block["data"]?[BlockMark.Field] == marks.Own;

    private static JsonObject AnyOf(Guid id) => new() { ["any_"] = new JsonArray(JsonValue.Create($"{id}")) };

    private static Guid Id(JsonObject row) => row["id"]!.GetValue<Guid>();

    private static string Text(JsonObject row, string field) => row[field]!.GetValue<string>();
}
