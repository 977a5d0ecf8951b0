using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Npgsql;

namespace Finks.Testing;

/// <summary>
/// A real Prefect server on a PostgreSQL database of its own, for the tests of one program, started when the first of them asks for it. It
/// takes some 10 to 50 s to start.
/// </summary>
public sealed class PrefectServer : IDisposable
{
    private static readonly Dictionary<string, string> Quiet = new()
    {
        ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false",
        ["DO_NOT_TRACK"] = "1",
    };

    private readonly Lock _starting = new();
    private readonly PostgresServer _postgres = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(2) };
    private readonly TemporaryFolder _home = new();
    private ServerProcess? _server;
    private string? _absent;

    /// <summary>The API's address; skips the test where the server or PostgreSQL cannot be had.</summary>
    public Uri ApiUrl
    {
        get
        {
            lock (_starting)
            {
                if (_server is null && _absent is null)
                    Start();
            }

            if (_absent is not null)
                Assert.Skip(_absent);
            return new Uri(_server!.Url + "/api");
        }
    }

    /// <summary>A call past the code under test.</summary>
    public async Task<JsonNode?> GetAsync(string path) => await ReadAsync(await _http.GetAsync(new Uri(ApiUrl.AbsoluteUri + path)));

    /// <summary>A call past the code under test.</summary>
    public async Task<JsonNode?> PostAsync(string path, JsonNode body) =>
        await ReadAsync(await _http.PostAsJsonAsync(new Uri(ApiUrl.AbsoluteUri + path), body));

    /// <summary>Starts Prefect's own worker of type process on a pool; it ends, with what it started, when disposed.</summary>
    /// <param name="environment">Further variables, which the runs inherit.</param>
    public Process StartWorker(string pool, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Program(), ["worker", "start", "-p", pool, "-t", "process", "--install-policy", "never"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Quiet.Concat(environment ?? new Dictionary<string, string>()))
            start.Environment[name] = value;
        start.Environment["PREFECT_HOME"] = _home.File("worker");
        start.Environment["PREFECT_API_URL"] = ApiUrl.AbsoluteUri;
        var worker = Process.Start(start) ?? throw new InvalidOperationException("Prefect's worker did not start.");
        worker.BeginOutputReadLine();
        worker.BeginErrorReadLine();
        return worker;
    }

    public void Dispose()
    {
        _server?.Dispose();
        _postgres.Dispose();
        _http.Dispose();
        _home.Dispose();
    }

    private static string Program() => Path.Combine(Oracle.Engine("prefect"), "bin", "prefect");

    private static async Task<JsonNode?> ReadAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync();
            if (!answer.IsSuccessStatusCode)
                throw new InvalidOperationException($"{answer.RequestMessage?.Method} {answer.RequestMessage?.RequestUri}: {(int)answer.StatusCode} {text}");
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
    }

    private void Start()
    {
        var program = Program();
        var database = new NpgsqlConnectionStringBuilder(_postgres.NewDatabase());
        var url = $"postgresql+asyncpg://{database.Username}@{database.Host}:{database.Port}/{database.Database}";
        var environment = new Dictionary<string, string>(Quiet)
        {
            ["PREFECT_HOME"] = _home.File("server"),
            ["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = url,
        };
        try
        {
            _server = ServerProcess.Start(
                program, port => ["server", "start", "--host", "127.0.0.1", "--port", $"{port}"], environment, patience: TimeSpan.FromMinutes(3));
        }
        catch (InvalidOperationException broken)
        {
            _absent = $"Prefect's server did not start: {broken.Message}";
        }
    }
}
