using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Finks.Orchestration.Prefect.Api;

/// <summary>
/// Speaks Prefect's REST interface, version 3.8. It asks again when a failure is transient. Safe for many callers at once. A call that
/// fails throws <see cref="PrefectException"/>.
/// </summary>
/// <remarks>Paths keep their trailing slash exactly as the server's OpenAPI document has it: another is answered with a redirect.</remarks>
public sealed partial class PrefectClient
{
    /// <summary>
    /// Not Prefect's own, on purpose: the server expects a client that calls itself <c>prefect/3.4.11</c> or newer to renew the lease of
    /// its deployment's concurrency slot, and such leases are lost when the server restarts, which would end healthy runs of hours. For any
    /// other client it holds the slot until the run has ended; a run whose process has died is ended by its worker or by the sweep of stale
    /// runs.
    /// </summary>
    private const string UserAgent = "Finks/0.1";

    private readonly HttpClient _http;
    private readonly PrefectOptions _options;
    private readonly string _api;
    private readonly AuthenticationHeaderValue? _authorization;
    private readonly Lock _drawing = new();

    /// <param name="http">Sends the requests; its handler should come from <see cref="CreateHandler"/>, and its own time limit be infinite.
    /// The caller disposes it.</param>
    public PrefectClient(HttpClient http, PrefectOptions options)
    {
        _http = http;
        _options = options;
        _api = options.ApiUrl.AbsoluteUri.TrimEnd('/');
        _authorization = options.AuthString is { } secret
            ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)))
            : null;
    }

    public Uri ApiUrl => _options.ApiUrl;

    /// <summary>What <see cref="PrefectOptions.AuthString"/> says, for processes that are started to work on runs.</summary>
    internal string? AuthString => _options.AuthString;

    /// <summary>A handler that drops idle connections before the server does (after 5 s), and follows no redirect.</summary>
    public static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(4),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };

    private Task SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellation) =>
        SendAsync(method, path, body, null, cancellation);

    private async Task<T> SendAsync<T>(HttpMethod method, string path, object? body, CancellationToken cancellation) =>
        Read<T>(await SendAsync(method, path, body, null, cancellation), $"{method} {path}");

    /// <summary>As <see cref="SendAsync{T}(HttpMethod, string, object?, CancellationToken)"/>; null for a thing that is not
    /// there.</summary>
    private async Task<T?> FindAsync<T>(string path, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return await SendAsync<T>(HttpMethod.Get, path, null, cancellation);
        }
        catch (PrefectException absent) when (absent.Status == 404)
        {
            return null;
        }
    }

    /// <param name="settled">Asked before a repeat when the try may have done its work although no answer came; what it gives is the
    /// answer, unless null.</param>
    private async Task<byte[]> SendAsync(
        HttpMethod method, string path, object? body, Func<CancellationToken, Task<byte[]?>>? settled, CancellationToken cancellation)
    {
        var call = $"{method} {_api}{path}";
        var content = body is null ? null : JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), PrefectJson.Wire);
        for (var tries = 1; ; tries++)
        {
            var (answer, failure) = await TryAsync(method, path, content, call, tries, cancellation);
            if (failure is null)
                return answer.Body;
            if (!failure.IsTransient || tries >= _options.Tries)
                throw failure;
            await Task.Delay(Pause(failure.Status, answer.RetryAfter, tries), _options.Time, cancellation);
            // 503 and 429 say that nothing was done; silence and a proxy's 502 leave it open.
            if (settled is not null && failure.Status is null or 502 && await settled(cancellation) is { } done)
                return done;
        }
    }

    private async Task<(Answer Answer, PrefectException? Failure)> TryAsync(
        HttpMethod method, string path, byte[]? content, string call, int tries, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(_options.TryTimeout, _options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            using var request = Request(method, path, content);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var body = await response.Content.ReadAsByteArrayAsync(either.Token);
            var failure = response.IsSuccessStatusCode
                ? null
                : PrefectException.Refused(call, (int)response.StatusCode, Encoding.UTF8.GetString(body));
            return (new Answer(body, RetryAfter(response)), failure);
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            var why = $"nothing came within {_options.TryTimeout.TotalSeconds:0.###} s.";
            return (default, PrefectException.NoAnswer(call, tries, why, late));
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            return (default, PrefectException.NoAnswer(call, tries, $"{broken.GetBaseException().Message.TrimEnd('.')}.", broken));
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string path, byte[]? content)
    {
        var request = new HttpRequestMessage(method, new Uri(_api + path));
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        request.Headers.Authorization = _authorization;
        if (content is not null)
            request.Content = new ByteArrayContent(content) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        return request;
    }

    private static T Read<T>(byte[] body, string call) =>
        (T?)JsonSerializer.Deserialize(body, typeof(T), PrefectJson.Wire)
        ?? throw new InvalidDataException($"Prefect answered null to {call}, where its OpenAPI document promises a value.");

    /// <summary>The server writes fractions of seconds, which the typed header does not know.</summary>
    private static TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("Retry-After", out var values)
        && double.TryParse(values.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
        && seconds is >= 0 and < 86_400
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private TimeSpan Pause(int? status, TimeSpan? asked, int tries)
    {
        var first = status == (int)HttpStatusCode.ServiceUnavailable ? _options.FirstPauseWhenBusy : _options.FirstPause;
        var pause = (asked ?? first * Math.Pow(2, tries - 1)) * (1 + (Draw() / 4));
        return pause < _options.LongestPause ? pause : _options.LongestPause;
    }

    private double Draw()
    {
        lock (_drawing) // Random is not safe for threads.
            return _options.Random.NextDouble();
    }

    private readonly record struct Answer(byte[] Body, TimeSpan? RetryAfter);
}
