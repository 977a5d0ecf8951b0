using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Finks.Orchestration.Tests.Prefect;

/// <summary>Answers in the server's place, and keeps what it was sent.</summary>
internal sealed class ScriptedServer(Func<ScriptedServer.Call, HttpResponseMessage> answer) : HttpMessageHandler
{
    private readonly Lock _adding = new();
    private readonly List<Call> _calls = [];

    /// <summary>A request.</summary>
    /// <param name="Number">From 1.</param>
    /// <param name="Path">Below <c>/api</c>, with its query.</param>
    internal sealed record Call(int Number, string Method, string Path, JsonNode? Body, string? Authorization, string? UserAgent);

    public IReadOnlyList<Call> Calls
    {
        get
        {
            lock (_adding)
                return [.. _calls];
        }
    }

    public static HttpResponseMessage Reply(HttpStatusCode status, string body, string? retryAfter = null)
    {
        var reply = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (retryAfter is not null)
            reply.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        return reply;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var body = request.Content is null ? null : JsonNode.Parse(await request.Content.ReadAsStringAsync(cancellation));
        Call call;
        lock (_adding)
        {
            call = new Call(
                _calls.Count + 1, request.Method.Method, request.RequestUri!.PathAndQuery["/api".Length..], body,
                request.Headers.Authorization?.ToString(), request.Headers.UserAgent.ToString());
            _calls.Add(call);
        }

        return answer(call);
    }
}
