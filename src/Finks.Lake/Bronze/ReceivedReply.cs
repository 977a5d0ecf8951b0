namespace Finks.Lake.Bronze;

/// <summary>A source's reply on its way into Bronze, exactly as received.</summary>
public sealed record ReceivedReply
{
    public required string Method { get; init; }

    /// <summary>Path below the source's base address.</summary>
    public required string Path { get; init; }

    /// <summary>The query as sent, sorted and escaped, without any key.</summary>
    public required string Query { get; init; }

    /// <summary>What was asked about: for FMP a symbol.</summary>
    public required string Subject { get; init; }

    /// <summary>HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>Headers in the order received; a name may repeat.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>When the whole body had arrived, UTC: the knowledge time of every row in it.</summary>
    public required DateTimeOffset FetchedAt { get; init; }

    /// <summary>How many tries it took, from 1.</summary>
    public required int Attempts { get; init; }

    /// <summary>What the connector took the reply for: <c>Rows</c> and <c>Empty</c> are data, the rest are not.</summary>
    public required string Outcome { get; init; }

    /// <summary>The source's own words when it refused; null otherwise.</summary>
    public string? Message { get; init; }

    /// <summary>What the connector's ledgers record of the reply, in its own words, so that they can be made anew from Bronze alone; null for nothing.</summary>
    public string? LedgerEntry { get; init; }

    /// <summary>SHA-256 of <see cref="Body"/>, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The body, byte for byte.</summary>
    public required byte[] Body { get; init; }
}
