using System.Text;
using Amazon.S3;
using Amazon.S3.Model;

namespace Finks.Lake.Storage;

/// <summary>
/// Zones in buckets of S3 or of a service that speaks its protocol: the zone of a key is the bucket. Files are read through copies in a
/// folder of this machine. As files never change, a copy stays good, even when the object is deleted meanwhile by another process.
/// </summary>
public sealed class S3Store : ZoneStore
{
    private const string Scheme = "s3://";

    /// <summary>What S3 takes in one request to delete.</summary>
    private const int DeletesAtOnce = 1000;

    private readonly S3StoreConnection _connection;
    private readonly S3StoreUpload _upload;
    private readonly S3StoreDownload _download;
    private readonly S3StoreGuard _guard;
    private readonly StagingFolder _staging;
    private readonly ReadCache _cache;
    private readonly string _service;

    /// <exception cref="LakeException">The options cannot be used.</exception>
    public S3Store(S3StoreOptions options)
    {
        _connection = new S3StoreConnection(options.Checked());
        _upload = new S3StoreUpload(_connection);
        _download = new S3StoreDownload(_connection);
        _guard = new S3StoreGuard(_connection);
        _staging = new StagingFolder(options.StagingFolder ?? Path.Combine(options.CacheFolder, "staging"));
        _cache = new ReadCache(options.CacheFolder, options.CacheLimitBytes, options.Clock);
        // Buckets of two services may have one name.
        _service = options.ServiceUrl is { } url ? new Uri(url).Authority.Replace(':', '_') : "aws";
    }

    public override string DataPath => Scheme;

    public override bool ZonesLieTogether => false;

    public override string Stage(string key) => _staging.Next(Path.GetFileName(ZoneKey.Checked(key)));

    public override void Store(IReadOnlyList<StagedFile> files)
    {
        _connection.WaitForAll(files, async (file, cancel) =>
        {
            LocalFile.CheckStaged(file);
            await _upload.Store(file, cancel);
            _cache.Add(CacheName(S3StoreAddress.Of(file.Key)), file.LocalPath);
        });
        _cache.Evict();
    }

    public override IReadOnlyList<string> Fetch(IReadOnlyList<StoredFile> files)
    {
        var paths = new string[files.Count];
        _connection.WaitForAll(Enumerable.Range(0, files.Count), async (i, cancel) => paths[i] = await Fetch(files[i], cancel));
        _cache.Evict();
        return paths;
    }

    public override StoredObject? Find(string key)
    {
        var address = S3StoreAddress.Of(key);
        return S3StoreConnection.Wait(() => _connection.Explained(address, "The look for a file", s3 => NullWhenAbsent(async () =>
        {
            var found = await s3.GetObjectMetadataAsync(address.Bucket, address.Key);
            return new StoredObject(key, found.ContentLength, Utc(found.LastModified));
        })));
    }

    /// <summary>Asks for a page at a time, as the caller comes to it.</summary>
    public override IEnumerable<StoredObject> List(string prefix)
    {
        var address = S3StoreAddress.OfPrefix(prefix);
        return Pages(address).SelectMany(page => page.S3Objects ?? [])
            .Where(o => o.Key != S3StoreGuard.Marker)
            .Select(o => new StoredObject($"{address.Bucket}/{o.Key}", o.Size ?? 0, Utc(o.LastModified)));
    }

    public override void Delete(IReadOnlyList<string> keys)
    {
        foreach (var bucket in keys.Select(S3StoreAddress.Of).GroupBy(a => a.Bucket))
        {
            foreach (var some in bucket.Chunk(DeletesAtOnce))
            {
                var objects = some.Select(a => new KeyVersion { Key = a.Key }).ToList();
                var request = new DeleteObjectsRequest { BucketName = bucket.Key, Objects = objects, Quiet = true };
                S3StoreConnection.Wait(() => _connection.Explained(
                    some[0], "The deletion of files", s3 => NullWhenAbsent(() => s3.DeleteObjectsAsync(request))));
                foreach (var address in some)
                    _cache.Forget(CacheName(address));
            }
        }
    }

    public override void WriteText(string key, string text)
    {
        var address = S3StoreAddress.Of(key);
        S3StoreConnection.Wait(() => _connection.Explained(address, "The writing of a text", async s3 =>
        {
            using var body = new MemoryStream(Encoding.UTF8.GetBytes(text));
            return await s3.PutObjectAsync(new PutObjectRequest { BucketName = address.Bucket, Key = address.Key, InputStream = body });
        }));
    }

    public override string? ReadText(string key)
    {
        var address = S3StoreAddress.Of(key);
        return S3StoreConnection.Wait(() => _connection.Explained(address, "The reading of a text", s3 => NullWhenAbsent(async () =>
        {
            using var response = await s3.GetObjectAsync(address.Bucket, address.Key);
            using var reader = new StreamReader(response.ResponseStream, Encoding.UTF8);
            return await reader.ReadToEndAsync();
        })));
    }

    public override void Prepare(IReadOnlyList<string> zones, string environment) =>
        _connection.WaitForAll(zones, (zone, cancel) => _guard.Prepare(zone, environment, cancel));

    protected override void Dispose(bool disposing)
    {
        _cache.Dispose();
        _staging.Dispose();
        _connection.Dispose();
    }

    private async Task<string> Fetch(StoredFile file, CancellationToken cancel)
    {
        if (Path.IsPathFullyQualified(file.Key))
        {
            LocalFile.Check(file.Key, file);
            return file.Key;
        }

        var address = S3StoreAddress.Of(file.Key.StartsWith(Scheme, StringComparison.Ordinal) ? file.Key[Scheme.Length..] : file.Key);
        var bytes = file.Bytes ?? await _connection.Explained(
            address,
            "The look for a file",
            async s3 => (await s3.GetObjectMetadataAsync(address.Bucket, address.Key, cancel)).ContentLength);
        return await _cache.Get(
            CacheName(address), bytes, file.Sha256, path => _download.Fetch(address, file with { Bytes = bytes }, path, cancel), cancel);
    }

    private IEnumerable<ListObjectsV2Response> Pages(S3StoreAddress prefix)
    {
        for (string? next = null; ;)
        {
            var request = new ListObjectsV2Request { BucketName = prefix.Bucket, Prefix = prefix.Key, ContinuationToken = next };
            var page = S3StoreConnection.Wait(() => _connection.Explained(
                prefix, "The listing of files", s3 => NullWhenAbsent(() => s3.ListObjectsV2Async(request))));
            if (page is null)
                yield break;
            yield return page;
            next = page.NextContinuationToken;
            if (page.IsTruncated != true)
                yield break;
        }
    }

    private string CacheName(S3StoreAddress address) => $"{_service}/{address.Bucket}/{address.Key}";

    private static async Task<T?> NullWhenAbsent<T>(Func<Task<T>> request)
        where T : class
    {
        try
        {
            return await request();
        }
        catch (AmazonS3Exception error) when (S3StoreErrors.IsAbsence(error))
        {
            return null;
        }
    }

    private static DateTimeOffset Utc(DateTime? time) => new(time?.ToUniversalTime() ?? default, TimeSpan.Zero);
}
