namespace Finks.Fmp;

/// <summary>What FMP answered, ready to be stored: the bytes, what surrounded them, and what they were found to be.</summary>
/// <param name="Request">The request, without the key.</param>
/// <param name="Status">The HTTP status. Do not decide by it: FMP sends errors with 200 and an empty list with 404; see <paramref name="Outcome"/>.</param>
/// <param name="Headers">Names and values as received, in the order received. A handler that decompresses takes out Content-Encoding and Content-Length.</param>
/// <param name="FetchedAt">When the last byte had arrived, UTC.</param>
/// <param name="Body">
/// The bytes received, after decoding of transfer and content encoding, and nothing else changed, with one exception: should the server echo the
/// key, it is overwritten with <c>[key removed]</c> before the reply leaves the client.
/// </param>
/// <param name="Sha256">Lower-case hex of the SHA-256 of <paramref name="Body"/>.</param>
/// <param name="Outcome">What the body is.</param>
/// <param name="Message">The server's error text or the reason for the outcome, at most 500 characters; empty for rows and for an empty list.</param>
/// <param name="Attempts">How many attempts it took, 1 or more.</param>
public sealed record FmpReply(
    FmpRequest Request,
    int Status,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    DateTimeOffset FetchedAt,
    byte[] Body,
    string Sha256,
    ReplyOutcome Outcome,
    string Message,
    int Attempts)
{
    /// <summary>The value of the first header with this name in any case, or null.</summary>
    public string? Header(string name)
    {
        foreach (var (key, value) in Headers)
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
                return value;
        }

        return null;
    }

    public override string ToString() => $"{Request}: {Outcome} ({Status}, {Body.Length} bytes, {Attempts} attempts){(Message.Length > 0 ? ": " + Message : "")}";
}
