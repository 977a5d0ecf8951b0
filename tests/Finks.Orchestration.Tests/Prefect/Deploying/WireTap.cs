using System.Text.Json.Nodes;

namespace Finks.Orchestration.Tests.Prefect.Deploying;

/// <summary>Hears what is sent to a server, and can cut the line.</summary>
internal sealed class WireTap(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private readonly List<ScriptedServer.Call> _calls = [];

    public IReadOnlyList<ScriptedServer.Call> Calls => _calls;

    /// <summary>Requests that change something: all but those that read.</summary>
    public IReadOnlyList<ScriptedServer.Call> Writes =>
        [.. _calls.Where(c => c.Method != "GET" && !c.Path.EndsWith("/filter", StringComparison.Ordinal)
            && !c.Path.EndsWith("/count", StringComparison.Ordinal))];

    /// <summary>Asked before each write; true lets the server refuse it.</summary>
    public Func<ScriptedServer.Call, bool> Refuses { get; set; } = _ => false;

    public void Clear() => _calls.Clear();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var body = request.Content is null ? null : JsonNode.Parse(await request.Content.ReadAsStringAsync(cancellation));
        var call = new ScriptedServer.Call(_calls.Count + 1, request.Method.Method, request.RequestUri!.PathAndQuery["/api".Length..],
            body, null, null);
        _calls.Add(call);
        return Refuses(call)
            ? ScriptedServer.Reply(System.Net.HttpStatusCode.UnprocessableEntity, $$"""{"request_body":{{body?.ToJsonString() ?? "null"}}}""")
            : await base.SendAsync(request, cancellation);
    }
}
