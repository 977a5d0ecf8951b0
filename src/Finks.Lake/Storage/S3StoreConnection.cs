using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace Finks.Lake.Storage;

/// <summary>The client of the service: how many transfers run at once, what its errors mean, and the one place that waits for it.</summary>
internal sealed class S3StoreConnection : IDisposable
{
    /// <summary>An address that answers does so at once.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _transfers;
    private readonly Lazy<AmazonS3Client> _client;

    public S3StoreConnection(S3StoreOptions options)
    {
        Options = options;
        _transfers = new SemaphoreSlim(options.MaxParallel);
        // Lazy, for without a region the constructor fails, and that shall be told as other errors are.
        _client = new Lazy<AmazonS3Client>(() => options.Credentials is { } credentials
            ? new AmazonS3Client(credentials, Configuration(options))
            : new AmazonS3Client(Configuration(options)));
    }

    public S3StoreOptions Options { get; }

    /// <summary>Waits for work that is made of requests. The library is synchronous, as DuckDB and the catalog's databases are, and the
    /// SDK is not.</summary>
    public static T Wait<T>(Func<Task<T>> work) => Task.Run(work).GetAwaiter().GetResult();

    /// <inheritdoc cref="Wait{T}(Func{Task{T}})"/>
    public static void Wait(Func<Task> work) => Task.Run(work).GetAwaiter().GetResult();

    /// <summary>Does the work for each item, several at once; the first error ends them all.</summary>
    public void WaitForAll<T>(IEnumerable<T> items, Func<T, CancellationToken, Task> work) => Wait(() => Parallel.ForEachAsync(
        items,
        new ParallelOptions { MaxDegreeOfParallelism = Options.MaxParallel },
        async (item, cancel) => await work(item, cancel)));

    /// <summary>Does requests that belong together, and tells their errors as <see cref="LakeException"/>.</summary>
    /// <param name="operation">What is being done, so that "… failed" is a sentence: "The upload of a file".</param>
    public async Task<T> Explained<T>(S3StoreAddress address, string operation, Func<IAmazonS3, Task<T>> requests)
    {
        try
        {
            return await requests(_client.Value);
        }
        catch (Exception error) when (S3StoreErrors.Explain(error, address, operation, Options) is { } explained)
        {
            throw explained;
        }
    }

    /// <summary>A request that moves many bytes: waits until it may.</summary>
    public async Task<T> Transfer<T>(Func<Task<T>> request, CancellationToken cancel)
    {
        await _transfers.WaitAsync(cancel);
        try
        {
            return await request();
        }
        finally
        {
            _transfers.Release();
        }
    }

    public void Dispose()
    {
        if (_client.IsValueCreated)
            _client.Value.Dispose();
        _transfers.Dispose();
    }

    private static AmazonS3Config Configuration(S3StoreOptions options)
    {
        var configuration = new AmazonS3Config
        {
            RetryMode = RequestRetryMode.Standard,
            Timeout = options.Timeout,
            ConnectTimeout = ConnectTimeout,
            // Uploads carry the SHA-256 that the store gives, and downloads are compared with it.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.ServiceUrl is not null)
        {
            configuration.ServiceURL = options.ServiceUrl;
            configuration.AuthenticationRegion = options.Region ?? "us-east-1";
            configuration.ForcePathStyle = true;
        }
        else if (options.Region is not null)
        {
            configuration.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        }

        return configuration;
    }
}
