using System.Text.Json.Nodes;
using Finks.Orchestration.Prefect.Api;

namespace Finks.Orchestration.Prefect.Deploying;

/// <summary>What a Prefect server has to do, and who does it.</summary>
/// <param name="Version">Of the server.</param>
/// <param name="Late">Runs that nobody has begun in time, the oldest first.</param>
public sealed record ServerStatus(
    string Version, IReadOnlyList<PoolStatus> Pools, IReadOnlyList<DeploymentStatus> Deployments, IReadOnlyList<LateRun> Late)
{
    /// <summary>Looks at a server.</summary>
    /// <exception cref="PrefectException">The server refused, or is not there.</exception>
    public static async Task<ServerStatus> ReadAsync(PrefectClient client, CancellationToken cancellation)
    {
        var version = await client.SendJsonAsync(HttpMethod.Get, "/admin/version", null, cancellation).ConfigureAwait(false);
        var pools = new List<PoolStatus>();
        foreach (var pool in await client.ListAsync("/work_pools/filter", [], cancellation).ConfigureAwait(false))
            pools.Add(await PoolAsync(client, pool, cancellation).ConfigureAwait(false));
        var deployments = await client.ListAsync("/deployments/filter", [], cancellation).ConfigureAwait(false);
        var flows = (await client.ListAsync("/flows/filter", [], cancellation).ConfigureAwait(false)).ToDictionary(
            f => f["id"]!.GetValue<Guid>(), Name);
        var names = deployments.ToDictionary(d => d["id"]!.GetValue<Guid>(),
            d => $"{flows.GetValueOrDefault(d["flow_id"]!.GetValue<Guid>())}/{Name(d)}");
        var late = await RunsAsync(client, new JsonObject { ["state"] = new JsonObject { ["name"] = Any("Late") } },
            cancellation).ConfigureAwait(false);
        var coming = await RunsAsync(client, new JsonObject { ["state"] = new JsonObject { ["type"] = Any("SCHEDULED") } },
            cancellation).ConfigureAwait(false);
        var next = coming.Where(r => Deployment(r) is not null).GroupBy(r => Deployment(r)!.Value).ToDictionary(g => g.Key,
            g => g.Min(Expected));
        return new ServerStatus(
            version!.GetValue<string>(), [.. pools.OrderBy(p => p.Name, StringComparer.Ordinal)],
            [.. deployments.Select(d => Of(d, names, next)).OrderBy(d => d.Name, StringComparer.Ordinal)],
            [.. late.Select(r => new LateRun(Name(r), Deployment(r) is { } id ? names.GetValueOrDefault(id) : null, Expected(r))).OrderBy(
                r => r.Expected)]);
    }

    private static async Task<PoolStatus> PoolAsync(PrefectClient client, JsonObject pool, CancellationToken cancellation)
    {
        var workers = await client.ListAsync($"/work_pools/{Uri.EscapeDataString(Name(pool))}/workers/filter", [],
            cancellation).ConfigureAwait(false);
        var state = pool["is_paused"]!.GetValue<bool>() ? "PAUSED" : (string?)pool["status"] ?? "";
        return new PoolStatus(Name(pool), (string?)pool["type"] ?? "", state, (int?)pool["concurrency_limit"],
            workers.Count(w => (string?)w["status"] == "ONLINE"));
    }

    private static DeploymentStatus Of(JsonObject deployment, Dictionary<Guid, string> names, Dictionary<Guid, DateTimeOffset?> next)
    {
        var id = deployment["id"]!.GetValue<Guid>();
        var ends = deployment["schedules"]!.AsArray().Select(s => (string?)s?["schedule"]?["rrule"] is { } rule ? ExchangeTimes.End(rule)
            : null);
        return new DeploymentStatus(
            names[id], (string?)deployment["work_pool_name"], (string?)deployment["work_queue_name"],
                deployment["paused"]!.GetValue<bool>(),
            next.GetValueOrDefault(id), ends.Min(),
            deployment["schedules"]!.AsArray().Any(s => s!["active"]!.GetValue<bool>()));
    }

    private static Task<IReadOnlyList<JsonObject>> RunsAsync(PrefectClient client, JsonObject filter, CancellationToken cancellation) =>
        client.ListAsync("/flow_runs/filter", new JsonObject { ["flow_runs"] = filter, ["sort"] = "ID_DESC" }, cancellation);

    private static JsonObject Any(string value) => new() { ["any_"] = new JsonArray(JsonValue.Create(value)) };

    private static string Name(JsonObject row) => row["name"]!.GetValue<string>();

    private static Guid? Deployment(JsonObject run) => run["deployment_id"]?.GetValue<Guid>();

    private static DateTimeOffset? Expected(JsonObject run) => run["expected_start_time"]?.GetValue<DateTimeOffset>();
}

/// <summary>A work pool.</summary>
/// <param name="State">READY, NOT_READY or PAUSED.</param>
/// <param name="Workers">How many are online.</param>
public sealed record PoolStatus(string Name, string Type, string State, int? ConcurrencyLimit, int Workers);

/// <summary>A deployment.</summary>
/// <param name="Next">When its next run is to begin, as far as the server has planned.</param>
/// <param name="ListEnds">When the list of times of its exchange schedule ends; null when it has none.</param>
/// <param name="Scheduled">Whether it has an active schedule.</param>
public sealed record DeploymentStatus(
    string Name, string? Pool, string? Queue, bool Paused, DateTimeOffset? Next, DateTimeOffset? ListEnds, bool Scheduled)
{
    /// <summary>Whether the server has planned no run although it should have, a minute after the schedule was made.</summary>
    public bool IsForgotten => Scheduled && !Paused && Next is null;
}

/// <summary>A run that nobody has begun in time.</summary>
public sealed record LateRun(string Name, string? Deployment, DateTimeOffset? Expected);
