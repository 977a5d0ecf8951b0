using Amazon.S3;
using Amazon.S3.Util;
using Finks.Cli.Commands;

namespace Finks.Cli.Chaos;

/// <summary>Buckets that are made for scratch lakes and go with them.</summary>
internal static class ScratchBuckets
{
    /// <summary>The first that is there; null when none is.</summary>
    public static async Task<string?> FirstAsync(IReadOnlyList<string> buckets)
    {
        using var s3 = Client();
        foreach (var bucket in buckets)
        {
            if (await AmazonS3Util.DoesS3BucketExistV2Async(s3, bucket))
                return bucket;
        }

        return null;
    }

    public static async Task DeleteAsync(IReadOnlyList<string> buckets)
    {
        using var s3 = Client();
        foreach (var bucket in buckets)
            await AmazonS3Util.DeleteS3BucketWithObjectsAsync(s3, bucket);
    }

    private static AmazonS3Client Client()
    {
        var service = WorkspaceChoice.Setting("AWS_ENDPOINT_URL_S3") ?? WorkspaceChoice.Setting("AWS_ENDPOINT_URL");
        return service is null
            ? new AmazonS3Client()
            : new AmazonS3Client(new AmazonS3Config
            {
                ServiceURL = service,
                AuthenticationRegion = WorkspaceChoice.Setting("AWS_REGION") ?? "us-east-1",
                ForcePathStyle = true,
            });
    }
}
