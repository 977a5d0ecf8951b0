using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Finks.Lake.Storage;

/// <summary>Brings objects to this machine, and proves that they came whole.</summary>
internal sealed class S3StoreDownload(S3StoreConnection connection)
{
    private const int MaxAttempts = 3;
    private const int BufferBytes = 1 << 17;

    /// <param name="path">Of a file that is not there yet; on success it is flushed.</param>
    /// <exception cref="LakeException">The object is gone or not what it should be, or did not come.</exception>
    public Task Fetch(S3StoreAddress address, StoredFile file, string path, CancellationToken cancel) =>
        connection.Explained(address, "The download of a file", s3 => connection.Transfer(
            async () =>
            {
                for (var attempt = 1; ; attempt++)
                {
                    try
                    {
                        await Attempt(s3, address, file, path, cancel);
                        return true;
                    }
                    catch (Exception error) when (attempt < MaxAttempts && S3StoreErrors.IsConnection(error))
                    {
                        // The SDK tries requests again, not bodies that end or stand still on their way.
                    }
                }
            }, cancel));

    private async Task Attempt(IAmazonS3 s3, S3StoreAddress address, StoredFile file, string path, CancellationToken cancel)
    {
        using var response = await s3.GetObjectAsync(new GetObjectRequest { BucketName = address.Bucket, Key = address.Key }, cancel);
        if (file.Bytes is { } bytes && response.ContentLength != bytes)
            throw Damaged(address, $"{response.ContentLength} bytes, but {bytes}");
        var actual = await Copy(response, address, path, cancel);
        if ((file.Sha256 ?? response.Metadata[S3StoreUpload.Sha256]) is { } hash && actual != hash)
            throw Damaged(address, $"the SHA-256 {actual}, but {hash}");
    }

    /// <summary>Returns the SHA-256.</summary>
    private async Task<string> Copy(GetObjectResponse response, S3StoreAddress address, string path, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var target = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 0);
        var buffer = new byte[BufferBytes];
        for (var copied = 0L; ;)
        {
            var read = await Read(response, buffer, address, cancel);
            if (read == 0 && copied < response.ContentLength)
                throw new HttpIOException(
                    HttpRequestError.ResponseEnded, $"The answer ended after {copied} of {response.ContentLength} bytes.");
            if (read == 0)
                break;
            hash.AppendData(buffer, 0, read);
            await target.WriteAsync(buffer.AsMemory(0, read), cancel);
            copied += read;
        }

        target.Flush(flushToDisk: true);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The client's own timeout ends with the header of an answer.</summary>
    private async Task<int> Read(GetObjectResponse response, byte[] buffer, S3StoreAddress address, CancellationToken cancel)
    {
        using var still = new CancellationTokenSource(connection.Options.Timeout, connection.Options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, still.Token);
        try
        {
            return await response.ResponseStream.ReadAsync(buffer, either.Token);
        }
        catch (OperationCanceledException error) when (still.IsCancellationRequested)
        {
            throw new TimeoutException("The answer stood still.", error);
        }
        catch (AmazonClientException)
        {
            // The SDK compares objects that were not uploaded in parts with the MD5 in their ETag.
            throw Damaged(address, "bytes other than those that");
        }
    }

    private static LakeException Damaged(S3StoreAddress address, string difference) => new(
        $"{address} has {difference} were stored: it is damaged. "
        + "Restore it from an older version or a backup, or build it anew from the zone before it.");
}
