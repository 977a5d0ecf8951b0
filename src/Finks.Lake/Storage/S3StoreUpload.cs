using System.Net;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;

namespace Finks.Lake.Storage;

/// <summary>Puts files under keys that hold nothing yet. The service itself refuses a second writer, and bytes that changed on their
/// way.</summary>
/// <remarks>
/// <see href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html">Conditional writes</see>: 412 when the key
/// holds something, 409 when another request for it was under way; after 409 an upload begins anew.
/// </remarks>
internal sealed class S3StoreUpload(S3StoreConnection connection)
{
    /// <summary>Metadata that tells the SHA-256 of the whole object, lower-case hexadecimal. What S3 keeps of an upload in parts is a hash
    /// of hashes.</summary>
    public const string Sha256 = "sha256";

    private const int MaxAttempts = 5;
    private const int MaxParts = 10_000;

    /// <exception cref="LakeException">The key holds other bytes, or the upload failed.</exception>
    public Task Store(StagedFile file, CancellationToken cancel)
    {
        var address = S3StoreAddress.Of(file.Key);
        return connection.Explained(address, "The upload of a file", s3 => Store(s3, file, address, cancel));
    }

    private async Task<bool> Store(IAmazonS3 s3, StagedFile file, S3StoreAddress address, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await (file.Bytes <= connection.Options.PartBytes ? Put(s3, file, address, cancel) : PutParts(s3, file, address, cancel));
                return true;
            }
            catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.Conflict && attempt < MaxAttempts)
            {
            }
            catch (Exception error) when (MayBeThere(error))
            {
                if (await IsStored(s3, file, address, cancel) is { } same)
                    return same ? true : throw Taken(address, error);
                if (attempt == MaxAttempts || error is not AmazonS3Exception)
                    throw;
            }
        }
    }

    private static LakeException Taken(S3StoreAddress address, Exception error) => new(
        $"{address} is there already with other bytes, and stored files never change. Store the new bytes under a new key.", error);

    /// <summary>Whether the key may hold something in spite of the error, from another writer or from this very call: the SDK asks again
    /// when an answer was lost, and a server that refuses may close the connection before it has read the file.</summary>
    private static bool MayBeThere(Exception error) => error switch
    {
        AmazonS3Exception s3 => s3.StatusCode == HttpStatusCode.PreconditionFailed || s3.ErrorCode == "NoSuchUpload",
        _ => S3StoreErrors.IsConnection(error),
    };

    private Task<PutObjectResponse> Put(IAmazonS3 s3, StagedFile file, S3StoreAddress address, CancellationToken cancel)
    {
        var request = new PutObjectRequest
        {
            BucketName = address.Bucket,
            Key = address.Key,
            FilePath = file.LocalPath,
            IfNoneMatch = "*",
            ChecksumSHA256 = Convert.ToBase64String(Convert.FromHexString(file.Sha256)),
        };
        request.Metadata[Sha256] = file.Sha256;
        return connection.Transfer(() => s3.PutObjectAsync(request, cancel), cancel);
    }

    private async Task PutParts(IAmazonS3 s3, StagedFile file, S3StoreAddress address, CancellationToken cancel)
    {
        var parts = Parts(file);
        var begin = new InitiateMultipartUploadRequest
        {
            BucketName = address.Bucket,
            Key = address.Key,
            ChecksumAlgorithm = ChecksumAlgorithm.SHA256,
        };
        begin.Metadata[Sha256] = file.Sha256;
        var upload = (await s3.InitiateMultipartUploadAsync(begin, cancel)).UploadId;
        try
        {
            var several = new ParallelOptions { CancellationToken = cancel, MaxDegreeOfParallelism = connection.Options.MaxParallel };
            await Parallel.ForEachAsync(parts, several, async (part, stop) =>
                part.ETag = (await connection.Transfer(() => s3.UploadPartAsync(Request(file, address, upload, part), stop), stop)).ETag);
            await s3.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest
                {
                    BucketName = address.Bucket,
                    Key = address.Key,
                    UploadId = upload,
                    IfNoneMatch = "*",
                    PartETags = [.. parts.Select(p => new PartETag(p.Number, p.ETag) { ChecksumSHA256 = p.Sha256 })],
                },
                cancel);
        }
        catch
        {
            await Abort(s3, address, upload);
            throw;
        }
    }

    private static UploadPartRequest Request(StagedFile file, S3StoreAddress address, string upload, Part part) => new()
    {
        BucketName = address.Bucket,
        Key = address.Key,
        UploadId = upload,
        PartNumber = part.Number,
        FilePath = file.LocalPath,
        FilePosition = part.Offset,
        PartSize = part.Bytes,
        ChecksumSHA256 = part.Sha256,
    };

    /// <summary>Parts cost money until they are gone. What hides the upload's own error must not come from here.</summary>
    private static async Task Abort(IAmazonS3 s3, S3StoreAddress address, string upload)
    {
        try
        {
            await s3.AbortMultipartUploadAsync(address.Bucket, address.Key, upload, CancellationToken.None);
        }
        catch (Exception error) when (error is AmazonS3Exception || S3StoreErrors.IsConnection(error))
        {
            // The bucket's lifecycle rule removes what stays.
        }
    }

    /// <summary>True when the key holds these bytes, false when others, null when nothing or when that cannot be learned.</summary>
    private static async Task<bool?> IsStored(IAmazonS3 s3, StagedFile file, S3StoreAddress address, CancellationToken cancel)
    {
        try
        {
            var there = await s3.GetObjectMetadataAsync(address.Bucket, address.Key, cancel);
            return there.ContentLength == file.Bytes && there.Metadata[Sha256] == file.Sha256;
        }
        catch (Exception error) when (S3StoreErrors.IsAbsence(error) || S3StoreErrors.IsConnection(error))
        {
            return null;
        }
    }

    /// <summary>The parts with their hashes. The service sees no hash of the whole, so it is proved here.</summary>
    private List<Part> Parts(StagedFile file)
    {
        var size = Math.Max(connection.Options.PartBytes, (file.Bytes + MaxParts - 1) / MaxParts);
        using var stream = File.OpenRead(file.LocalPath);
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var own = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        var parts = new List<Part>();
        for (var offset = 0L; offset < file.Bytes; offset += size)
        {
            var bytes = Math.Min(size, file.Bytes - offset);
            for (var left = bytes; left > 0;)
            {
                var read = buffer.AsSpan(0, (int)Math.Min(buffer.Length, left));
                stream.ReadExactly(read);
                whole.AppendData(read);
                own.AppendData(read);
                left -= read.Length;
            }

            parts.Add(new Part(parts.Count + 1, offset, bytes, Convert.ToBase64String(own.GetHashAndReset())));
        }

        var actual = Convert.ToHexStringLower(whole.GetHashAndReset());
        return actual == file.Sha256
            ? parts
            : throw new LakeException(
                $"{file.Key} cannot be stored: its staged file has the SHA-256 {actual}, {file.Sha256} was announced. Run again.");
    }

    /// <param name="Number">From 1.</param>
    /// <param name="Sha256">Base64, as S3 writes it.</param>
    private sealed record Part(int Number, long Offset, long Bytes, string Sha256)
    {
        public string? ETag { get; set; }
    }
}
