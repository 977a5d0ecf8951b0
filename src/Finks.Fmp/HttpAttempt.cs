using System.Security.Cryptography;

namespace Finks.Fmp;

/// <summary>Sends a request once and reads all that comes back, be it whole or not.</summary>
internal sealed class HttpAttempt(HttpClient http, FmpOptions options, TimeProvider time)
{
    private const string KeyHeader = "apikey";
    private readonly KeyRedactor _redactor = new(options.ApiKey);

    /// <exception cref="NoAnswerException">Nothing was received, or not even the head of the reply within the time limit.</exception>
    public async Task<FmpReply> SendAsync(FmpRequest request, int attempt, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.AttemptTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using var message = Message(request);
            using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            var (body, cut) = await ReadAsync(response, either.Token, cancellationToken).ConfigureAwait(false);
            return Reply(request, response, body, cut, attempt);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new NoAnswerException($"No answer within {options.AttemptTimeout.TotalSeconds:0.###} s.", Harmless(late));
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or InvalidDataException)
        {
            throw new NoAnswerException(_redactor.Clean(failure.GetBaseException().Message), Harmless(failure));
        }
    }

    private HttpRequestMessage Message(FmpRequest request)
    {
        var message = new HttpRequestMessage(HttpMethod.Get, new Uri(options.BaseAddress, request.PathAndQuery));
        message.Headers.TryAddWithoutValidation(KeyHeader, options.ApiKey);
        message.Headers.TryAddWithoutValidation("Accept", "application/json, text/csv;q=0.9, */*;q=0.5");
        message.Headers.TryAddWithoutValidation("User-Agent", "Finks");
        return message;
    }

    /// <summary>A reply that breaks off is still an answer: what came is kept, so that it can be looked at.</summary>
    private static async Task<(byte[] Body, string? Cut)> ReadAsync(HttpResponseMessage response, CancellationToken either, CancellationToken caller)
    {
        var buffer = new MemoryStream((int)Math.Clamp(response.Content.Headers.ContentLength ?? 0, 0, 64 << 20));
        try
        {
            using var stream = await response.Content.ReadAsStreamAsync(either).ConfigureAwait(false);
            await stream.CopyToAsync(buffer, either).ConfigureAwait(false);
            return (Bytes(buffer), null);
        }
        catch (Exception) when (caller.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or InvalidDataException or OperationCanceledException && buffer.Length > 0)
        {
            var why = broken is OperationCanceledException ? "the time limit passed" : "the connection broke";
            return (Bytes(buffer), $"The body ended after {buffer.Length} bytes because {why}.");
        }
    }

    private static byte[] Bytes(MemoryStream buffer) =>
        buffer.Capacity == buffer.Length ? buffer.GetBuffer() : buffer.ToArray();

    private FmpReply Reply(FmpRequest request, HttpResponseMessage response, byte[] received, string? cut, int attempt)
    {
        var body = _redactor.Clean(received);
        var headers = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .SelectMany(header => header.Value.Select(value => KeyValuePair.Create(header.Key, _redactor.Clean(value)))).ToList();
        var status = (int)response.StatusCode;
        var verdict = Judge(status, headers, body, cut);
        return new FmpReply(
            request, status, headers, time.GetUtcNow(), body, Convert.ToHexStringLower(SHA256.HashData(body)), verdict.Outcome, verdict.Message, attempt);
    }

    private static ReplyVerdict Judge(int status, List<KeyValuePair<string, string>> headers, byte[] body, string? cut)
    {
        if (cut is not null && status < 300)
            return new(ReplyOutcome.Garbage, cut);
        if (status is >= 300 and < 400)
            return new(ReplyOutcome.BadRequest, $"Redirected ({status}) to {Value("Location")}, which is not followed: the key must not travel to another address.");
        return ReplyClassifier.Classify(status, Value("Content-Type"), body);

        string? Value(string name) => headers.Find(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
    }

    /// <summary>The cause, unless something in it shows the key.</summary>
    private Exception? Harmless(Exception cause)
    {
        var text = cause.ToString();
        return _redactor.Clean(text) == text ? cause : null;
    }
}
