using System.Text.Json.Nodes;

namespace Finks.Orchestration.Prefect.Api;

/// <summary>Objects that are compared and sent as they are, of whatever kind.</summary>
public sealed partial class PrefectClient
{
    /// <summary>What a server answers; null when that is nothing.</summary>
    internal async Task<JsonNode?> SendJsonAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellation)
    {
        var answer = await SendAsync(method, path, body, null, cancellation).ConfigureAwait(false);
        return answer.Length == 0 ? null : JsonNode.Parse(answer);
    }

    /// <summary>All rows that a filter lets through, read page by page.</summary>
    internal async Task<IReadOnlyList<JsonObject>> ListAsync(string path, JsonObject filter, CancellationToken cancellation)
    {
        var found = new Dictionary<Guid, JsonObject>();
        while (true)
        {
            var body = filter.DeepClone();
            (body["limit"], body["offset"]) = (_options.PageSize, found.Count);
            var page = (await SendJsonAsync(HttpMethod.Post, path, body, cancellation).ConfigureAwait(false))!.AsArray();
            // Rows that come or go meanwhile move the pages: one may come twice, and then counts once.
            var fresh = page.Count(row => found.TryAdd(row!["id"]!.GetValue<Guid>(), row.AsObject()));
            if (fresh == 0 || page.Count < _options.PageSize)
                return [.. found.Values];
        }
    }
}
