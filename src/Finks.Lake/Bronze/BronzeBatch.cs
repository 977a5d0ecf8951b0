namespace Finks.Lake.Bronze;

/// <summary>A registered Bronze file: some replies of one dataset, each exactly as received.</summary>
public sealed record BronzeBatch
{
    /// <summary>Number that Silver rows carry. The file carries it too.</summary>
    public required long Id { get; init; }

    public required string Source { get; init; }

    public required string Dataset { get; init; }

    /// <summary>Of the Parquet file in the lake's store.</summary>
    public required string Key { get; init; }

    /// <summary>SHA-256 of the Parquet file, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    public required long Replies { get; init; }

    /// <summary>Size of the Parquet file.</summary>
    public required long FileBytes { get; init; }

    /// <summary>Bytes of all bodies before compression.</summary>
    public required long BodyBytes { get; init; }
}

/// <summary>One reply read back from Bronze.</summary>
/// <param name="Line">Place in the batch, from 0.</param>
/// <param name="Reply">The reply as it was received; headers are not read back.</param>
public sealed record StoredReply(int Line, ReceivedReply Reply);
