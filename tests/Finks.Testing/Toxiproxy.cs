using System.Net.Http.Json;
using System.Text.Json;

namespace Finks.Testing;

/// <summary>A TCP proxy before a server that cuts, delays and swallows on command; skips the test where it is absent.</summary>
public sealed class Toxiproxy : IDisposable
{
    private const string Proxy = "proxies/server";

    private readonly ServerProcess _process;
    private readonly HttpClient _http;

    public Toxiproxy(string upstream)
    {
        var tool = Oracle.Run(Checkout.Shared("tools", "get"), ["toxiproxy"]);
        if (tool.ExitCode != 0)
            Assert.Skip($"toxiproxy cannot be had here: {tool.Error.Trim()}");
        _process = ServerProcess.Start(tool.Output.Trim(), port => ["-host", "127.0.0.1", "-port", $"{port}"]);
        _http = new HttpClient { BaseAddress = new Uri(_process.Url) };
        var settings = new { name = "server", listen = "127.0.0.1:0", upstream = new Uri(upstream).Authority, enabled = true };
        var proxy = Post("proxies", settings);
        Url = $"http://{proxy.GetProperty("listen").GetString()}";
    }

    /// <summary>The way through the proxy.</summary>
    public string Url { get; }

    /// <summary>Ends each connection after so many bytes from the client to the server.</summary>
    public void CutUploadsAfter(long bytes) => Add("limit_data", "upstream", new { bytes });

    /// <summary>Ends each connection after so many bytes from the server to the client.</summary>
    public void CutDownloadsAfter(long bytes) => Add("limit_data", "downstream", new { bytes });

    /// <summary>Lets nothing come back, and keeps connections open.</summary>
    public void SwallowAnswers() => Add("timeout", "downstream", new { timeout = 0 });

    /// <summary>Lets a few bytes a second come back.</summary>
    /// <param name="rate">Kilobytes a second.</param>
    public void SlowDownloadsTo(long rate) => Add("bandwidth", "downstream", new { rate });

    /// <summary>Behaves from now on.</summary>
    public void Heal() => Post("reset", new { });

    public void Dispose()
    {
        _http.Dispose();
        _process.Dispose();
    }

    private void Add(string type, string stream, object attributes) => Post($"{Proxy}/toxics", new { type, stream, attributes });

    private JsonElement Post(string path, object body)
    {
        using var answer = _http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body).GetAwaiter().GetResult();
        var text = answer.Content.ReadAsStringAsync().GetAwaiter().GetResult();
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"toxiproxy answered {(int)answer.StatusCode}: {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }
}
