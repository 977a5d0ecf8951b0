using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Finks.Orchestration.Tests.Notifications;

/// <summary>A real HTTP server that keeps what is posted to it, and answers as it was told.</summary>
internal sealed class WebhookSink : IDisposable
{
    public const string SecretPath = "/services/T000/B000/verysecrettoken";

    private readonly HttpListener _listener;

    public WebhookSink()
    {
        var port = FreePort();
        Url = $"http://127.0.0.1:{port}{SecretPath}";
        _listener = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
        _listener.Start();
        _ = ServeAsync();
    }

    public string Url { get; }

    /// <summary>The answers in turn; 200 when there is none left.</summary>
    public ConcurrentQueue<(int Status, string? RetryAfter)> Answers { get; } = [];

    public ConcurrentQueue<JsonNode> Bodies { get; } = [];

    public ConcurrentQueue<string> ContentTypes { get; } = [];

    /// <summary>Whether requests are left without an answer.</summary>
    public bool IsSilent { get; set; }

    /// <summary>A port on which nobody listens.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            Bodies.Enqueue((await JsonNode.ParseAsync(context.Request.InputStream))!);
            ContentTypes.Enqueue(context.Request.ContentType!);
            if (IsSilent)
                continue;
            var (status, retryAfter) = Answers.TryDequeue(out var answer) ? answer : (200, null);
            context.Response.StatusCode = status;
            if (retryAfter is not null)
                context.Response.AddHeader("Retry-After", retryAfter);
            // As a careless service would, it repeats the address.
            using (var writer = new StreamWriter(context.Response.OutputStream))
                await writer.WriteAsync("cannot " + context.Request.RawUrl);
            context.Response.Close();
        }
    }
}
