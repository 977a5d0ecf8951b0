using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Finks.Testing;

/// <summary>A server of its own program on a free port of this machine; ended with all it started when disposed.</summary>
public sealed class ServerProcess : IDisposable
{
    private static readonly RealClock Clock = new();

    private readonly Process _process;

    private ServerProcess(Process process, string url)
    {
        _process = process;
        Url = url;
    }

    public string Url { get; }

    /// <summary>Starts the program and returns when it answers requests, with whatever status.</summary>
    /// <param name="arguments">Given the port to listen on.</param>
    /// <param name="patience">How long it may take to answer, 30 s by default; none is waited when the program ends before.</param>
    public static ServerProcess Start(
        string program, Func<int, IEnumerable<string>> arguments, IReadOnlyDictionary<string, string>? environment = null, int? port = null,
        TimeSpan? patience = null)
    {
        // Between looking for a free port and listening on it another program may take it: once more, then.
        var output = new ConcurrentQueue<string>();
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var chosen = port ?? FreePort();
            var server = new ServerProcess(Run(program, arguments(chosen), environment, output), $"http://127.0.0.1:{chosen}");
            if (server.IsReady(patience ?? TimeSpan.FromSeconds(30)).GetAwaiter().GetResult())
                return server;
            server.Dispose();
        }

        throw new InvalidOperationException($"{program} does not serve: {string.Join('\n', output)}");
    }

    /// <summary>As a crash does: nothing is said to it.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private static Process Run(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment, ConcurrentQueue<string> output)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        process.OutputDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private async Task<bool> IsReady(TimeSpan patience)
    {
        using var http = new HttpClient();
        var started = Clock.GetTimestamp();
        while (Clock.GetElapsedTime(started) < patience && !_process.HasExited)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(Url));
                return !_process.HasExited;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(30), Clock);
            }
        }

        return false;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
