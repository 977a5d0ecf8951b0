using Amazon.Runtime;

namespace Finks.Lake.Storage;

/// <summary>Which S3 service holds the zones, as whom to use it, and how much of this machine it may take.</summary>
public sealed record S3StoreOptions
{
    /// <summary>The least size of a part that S3 allows.</summary>
    public const long MinPartBytes = 5 << 20;

    /// <summary>The address of a service other than AWS, <c>http://127.0.0.1:7070</c>: buckets stand in the path then, not in the host
    /// name. Null for AWS.</summary>
    public string? ServiceUrl { get; init; }

    /// <summary>The region of the buckets. Null for what the environment or the profile says; <c>us-east-1</c> at a
    /// <see cref="ServiceUrl"/>.</summary>
    public string? Region { get; init; }

    /// <summary>Null for the SDK's chain: environment variables, profile, container or instance role.</summary>
    public AWSCredentials? Credentials { get; init; }

    /// <summary>The absolute path of the folder for read copies. Several stores and processes may share it, for different services
    /// too.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>Read copies beyond this are removed, the least recently used first; those in use stay and may exceed it. Default 10
    /// GB.</summary>
    public long CacheLimitBytes { get; init; } = 10_000_000_000;

    /// <summary>The absolute path of the folder for files that are being written; null for one below <see cref="CacheFolder"/>.</summary>
    public string? StagingFolder { get; init; }

    /// <summary>Larger files are uploaded in parts of this size. Default 16 MB; not less than <see cref="MinPartBytes"/>.</summary>
    public long PartBytes { get; init; } = 16 << 20;

    /// <summary>Uploads and downloads under way at once, parts counted. Default 8.</summary>
    public int MaxParallel { get; init; } = 8;

    /// <summary>How long a request may take, and a download may stand still. Default 100 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>Let <see cref="ZoneStore.Prepare"/> create buckets that are not there: for tests and local servers. Default false, since
    /// real buckets need encryption, versioning and rules of their own.</summary>
    public bool CreateBuckets { get; init; }

    /// <summary>Tells which read copies were used last, and ends downloads that stand still.</summary>
    public required TimeProvider Clock { get; init; }

    /// <exception cref="LakeException">Says everything that cannot be used, at once.</exception>
    internal S3StoreOptions Checked()
    {
        List<string> problems = [];
        if (ServiceUrl is not null && !(Uri.TryCreate(ServiceUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
            problems.Add("the service URL is not an http or https address");
        if (!Path.IsPathFullyQualified(CacheFolder) || CacheFolder.AsSpan().ContainsAny("*?["))
            problems.Add($"the cache folder '{CacheFolder}' is not an absolute path, or has one of DuckDB's wildcards * ? [ in it");
        if (StagingFolder is not null && (!Path.IsPathFullyQualified(StagingFolder) || StagingFolder.AsSpan().ContainsAny("*?[")))
            problems.Add($"the staging folder '{StagingFolder}' is not an absolute path, or has one of * ? [ in it");
        if (CacheLimitBytes < 0)
            problems.Add("the cache limit is negative");
        if (PartBytes < MinPartBytes)
            problems.Add($"the part size {PartBytes} is less than the {MinPartBytes} bytes that S3 allows");
        if (MaxParallel < 1)
            problems.Add("the number of parallel transfers is less than 1");
        if (Timeout <= TimeSpan.Zero)
            problems.Add("the timeout is not more than zero");
        return problems.Count == 0
            ? this
            : throw new LakeException($"The S3 storage cannot be used: {string.Join("; ", problems)}. Mend the settings.");
    }
}
