using System.Text.Json.Nodes;
using Finks.Orchestration.Prefect.Api;

namespace Finks.Orchestration.Prefect.Deploying;

/// <summary>Makes, changes and deletes objects of a server, one by one.</summary>
/// <param name="known">Identifiers of what is there by the references that stand for them; what is made is added.</param>
internal sealed class ServerWriter(PrefectClient client, Dictionary<string, Guid> known)
{
    public async Task CreateAsync(WantedObject wanted, CancellationToken cancellation)
    {
        var body = Resolved(wanted);
        var fields = wanted.Kind == ObjectKind.BlockType ? Take(body, "fields") : null;
        JsonNode content = wanted.Kind == ObjectKind.Schedule ? new JsonArray(body) : body;
        var made = await client.SendJsonAsync(HttpMethod.Post, Collection(wanted), content, cancellation).ConfigureAwait(false);
        var id = (made is JsonArray rows ? rows[0]! : made!)["id"]!.GetValue<Guid>();
        known[ServerReference.To(wanted.Kind, wanted.Name)] = id;
        if (fields is not null)
            await AddSchemaAsync(wanted.Name, id, fields, cancellation).ConfigureAwait(false);
    }

    public Task ChangeAsync(WantedObject wanted, FoundObject found, IReadOnlyList<FieldChange> changes, CancellationToken cancellation)
    {
        var body = Resolved(wanted);
        foreach (var name in wanted.OnlyAtFirst)
            body.Remove(name);
        return wanted.Kind switch
        {
            ObjectKind.BlockType => ChangeTypeAsync(found, body, changes, cancellation),
            ObjectKind.Block => SendAsync(HttpMethod.Patch, found,
                Only(body, Set("block_schema_id", "data"), ("merge_existing_data", false)), cancellation),
            // Parameters that are not sent would be emptied.
            ObjectKind.Schedule => SendAsync(HttpMethod.Patch, found, body, cancellation),
            ObjectKind.Automation => SendAsync(HttpMethod.Put, found,
                Only(body, Set([.. body.Select(f => f.Key)]), ("enabled", found.Body["enabled"]?.DeepClone())), cancellation),
            _ => SendAsync(HttpMethod.Patch, found, Only(body, Changed(changes)), cancellation),
        };
    }

    public Task DeleteAsync(FoundObject found, CancellationToken cancellation) => SendAsync(HttpMethod.Delete, found, null, cancellation);

    private async Task ChangeTypeAsync(FoundObject found, JsonObject body, IReadOnlyList<FieldChange> changes,
        CancellationToken cancellation)
    {
        var changed = Changed(changes);
        if (changed.Contains("description"))
            await SendAsync(HttpMethod.Patch, found, Only(body, Set("description")), cancellation).ConfigureAwait(false);
        if (changed.Contains("fields"))
            await AddSchemaAsync(found.Name, found.Id, Take(body, "fields"), cancellation).ConfigureAwait(false);
    }

    private async Task AddSchemaAsync(string slug, Guid type, JsonNode fields, CancellationToken cancellation)
    {
        var body = new JsonObject
        {
            ["block_type_id"] = $"{type}",
            ["capabilities"] = new JsonArray(),
            ["version"] = "1.0.0",
            ["fields"] = fields
        };
        var schema = await client.SendJsonAsync(HttpMethod.Post, "/block_schemas/", body, cancellation).ConfigureAwait(false);
        known[ServerReference.ToSchema(slug)] = schema!["id"]!.GetValue<Guid>();
    }

    private async Task SendAsync(HttpMethod method, FoundObject found, JsonObject? body, CancellationToken cancellation) =>
        await client.SendJsonAsync(method, found.Path, body, cancellation).ConfigureAwait(false);

    private JsonObject Resolved(WantedObject wanted) => ServerReference.Resolve(wanted.Body, known)!.AsObject();

    private string Collection(WantedObject wanted) => wanted.Kind switch
    {
        ObjectKind.Variable => "/variables/",
        ObjectKind.Limit => "/v2/concurrency_limits/",
        ObjectKind.BlockType => "/block_types/",
        ObjectKind.Block => "/block_documents/",
        ObjectKind.Flow => "/flows/",
        ObjectKind.Pool => "/work_pools/",
        ObjectKind.Queue => $"/work_pools/{Uri.EscapeDataString(wanted.Name.Split('/')[0])}/queues",
        ObjectKind.Deployment => "/deployments/",
        ObjectKind.Schedule => $"/deployments/{known[ServerReference.To(ObjectKind.Deployment, wanted.Name[..wanted.Name.LastIndexOf('#')])]}/schedules",
        _ => "/automations/",
    };

    /// <summary>The top fields that changes are in.</summary>
    private static HashSet<string> Changed(IReadOnlyList<FieldChange> changes)
    {
        var fields = changes.Select(c => c.Field.Split('.', '[')[0]).ToHashSet();
        // A queue is found by its name within the pool that is named beside it.
        if (fields.Overlaps(["work_pool_name", "work_queue_name"]))
            fields.UnionWith(["work_pool_name", "work_queue_name"]);
        return fields;
    }

    private static JsonObject Only(JsonObject body, IReadOnlySet<string> fields, params (string Name, JsonNode? Value)[] others)
    {
        var some = new JsonObject(body.Where(f => fields.Contains(f.Key)).Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone())));
        foreach (var (name, value) in others)
            some[name] = value;
        return some;
    }

    private static HashSet<string> Set(params string[] fields) => [.. fields];

    private static JsonNode Take(JsonObject body, string field)
    {
        var value = body[field]!;
        body.Remove(field);
        return value;
    }
}
