using System.Globalization;
using Finks.Lake;
using Finks.Lake.Storage;

namespace Finks.Cli.Commands;

/// <summary>Where a lake is, in the words of the command line.</summary>
/// <param name="Home">Absolute.</param>
/// <param name="Store">As <c>--store</c>; null for folders of the home.</param>
/// <param name="Catalog">As <c>--catalog</c>; null for SQLite in the home.</param>
internal sealed record LakeChoice(string Home, string Environment, string? Store = null, string? Catalog = null)
{
    private const string S3 = "s3://";

    /// <summary>The options that choose this lake.</summary>
    public IReadOnlyList<string> Options =>
    [
        "--home", Home, "--env", Environment,
        .. Store is null ? Array.Empty<string>() : ["--store", Store],
        .. Catalog is null ? Array.Empty<string>() : ["--catalog", Catalog],
    ];

    /// <summary>The lake to open.</summary>
    /// <param name="createBuckets">Create zone buckets that are not there.</param>
    /// <param name="reached">Told every point of <see cref="KillPoint"/> and every operation of the store; null in ordinary use.</param>
    /// <exception cref="UsageException">The store is none.</exception>
    public LakeOptions Lake(bool createBuckets = false, Action<string>? reached = null)
    {
        var prefix = Store is null ? "" : Prefix(Store);
        var store = Store is null ? null : OpenS3(Home, createBuckets);
        return new LakeOptions
        {
            Home = Home,
            Environment = Environment,
            ZonePrefix = prefix,
            Store = reached is null ? store : new FaultyStore(store ?? (ZoneStore)new LocalStore(Home), reached),
            Catalog = Catalog is null ? null : new CatalogLocation.Postgres(Catalog),
            Reached = reached,
            Clock = Composition.Clock,
            Ids = Composition.Ids,
        };
    }

    private static string Prefix(string store) => store.StartsWith(S3, StringComparison.Ordinal) && !store[S3.Length..].Contains('/', StringComparison.Ordinal)
        ? store[S3.Length..]
        : throw new UsageException(
            $"The store '{store}' is none: give s3:// and what leads the names of the buckets, for instance s3://acme- for acme-dev-silver-zone.");

    /// <summary>The S3 service that the environment names, read through a cache in the home.</summary>
    public static S3Store OpenS3(string home, bool createBuckets) => new(new S3StoreOptions
    {
        ServiceUrl = WorkspaceChoice.Setting("AWS_ENDPOINT_URL_S3") ?? WorkspaceChoice.Setting("AWS_ENDPOINT_URL"),
        Region = WorkspaceChoice.Setting("AWS_REGION"),
        CacheFolder = Path.Combine(home, ".cache"),
        CacheLimitBytes = CacheLimit(),
        StagingFolder = Path.Combine(home, ".staging"),
        CreateBuckets = createBuckets,
        Clock = Composition.Clock,
    });

    private static long CacheLimit()
    {
        if (WorkspaceChoice.Setting("FINKS_CACHE_GB") is not { } text)
            return 10_000_000_000;
        return double.TryParse(text, CultureInfo.InvariantCulture, out var gigabytes) && gigabytes >= 0
            ? (long)(gigabytes * 1e9)
            : throw new UsageException($"FINKS_CACHE_GB is '{text}', which is no number of gigabytes.");
    }
}
