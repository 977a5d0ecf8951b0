using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace Finks.Lake.Storage;

/// <summary>Keeps environments apart: a bucket belongs to the one whose name its marker holds, and its own name must not speak of
/// another.</summary>
internal sealed class S3StoreGuard(S3StoreConnection connection)
{
    public const string Marker = ".finks/environment";

    private static readonly string[] WellKnown = ["dev", "test", "staging", "prod"];

    /// <exception cref="LakeException">The bucket is not there, or belongs to another environment.</exception>
    public Task Prepare(string bucket, string environment, CancellationToken cancel)
    {
        var other = Words(bucket).Except(Words(environment), StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(w => WellKnown.Contains(w, StringComparer.OrdinalIgnoreCase));
        if (other is not null)
            throw Refused(bucket, $"is named after the environment {other}", environment);
        var marker = new S3StoreAddress(bucket, Marker);
        return connection.Explained(marker, "The preparation of a bucket", async s3 =>
        {
            string? owner;
            do
                owner = await Owner(s3, marker, cancel) ?? await Claim(s3, marker, environment, cancel);
            while (owner is null);
            return owner == environment
                ? true
                : throw Refused(bucket, $"belongs to the environment {owner}, as {marker} says", environment);
        });
    }

    private static LakeException Refused(string bucket, string why, string environment) =>
        new($"The bucket {bucket} {why}, so {environment} must not use it. Choose another bucket or environment.");

    private static string[] Words(string name) => name.Split('-', '_', '.');

    /// <summary>Null when nobody has claimed the bucket.</summary>
    private async Task<string?> Owner(IAmazonS3 s3, S3StoreAddress marker, CancellationToken cancel)
    {
        try
        {
            using var response = await s3.GetObjectAsync(marker.Bucket, marker.Key, cancel);
            using var reader = new StreamReader(response.ResponseStream);
            return (await reader.ReadToEndAsync(cancel)).Trim();
        }
        catch (AmazonS3Exception error) when (error.ErrorCode == "NoSuchBucket" && connection.Options.CreateBuckets)
        {
            await Create(s3, marker.Bucket, cancel);
            return null;
        }
        catch (AmazonS3Exception error) when (error.ErrorCode == "NoSuchKey")
        {
            return null;
        }
    }

    private static async Task Create(IAmazonS3 s3, string bucket, CancellationToken cancel)
    {
        try
        {
            await s3.PutBucketAsync(new PutBucketRequest { BucketName = bucket }, cancel);
        }
        catch (AmazonS3Exception error) when (error.ErrorCode == "BucketAlreadyOwnedByYou")
        {
            // Another process was first.
        }
    }

    /// <summary>Null when another claims it at this moment: of two, one gets it.</summary>
    private static async Task<string?> Claim(IAmazonS3 s3, S3StoreAddress marker, string environment, CancellationToken cancel)
    {
        try
        {
            var request = new PutObjectRequest
            {
                BucketName = marker.Bucket,
                Key = marker.Key,
                ContentBody = environment,
                IfNoneMatch = "*",
            };
            await s3.PutObjectAsync(request, cancel);
            return environment;
        }
        catch (AmazonS3Exception error) when (error.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict)
        {
            return null;
        }
    }
}
