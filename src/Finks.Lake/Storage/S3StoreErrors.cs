using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.S3;

namespace Finks.Lake.Storage;

/// <summary>Says what an error of the S3 service or of the way to it means, and what to do.</summary>
internal static class S3StoreErrors
{
    /// <summary>Null for what is not the service's: it passes as it is.</summary>
    public static LakeException? Explain(Exception error, S3StoreAddress address, string operation, S3StoreOptions options) =>
        Reason(error, address, options) is { } reason
            ? new LakeException($"{operation} failed at {address}: {reason}", Shown(error))
            : null;

    /// <summary>The line that creates a bucket.</summary>
    public static string CreateBucketLine(string bucket, S3StoreOptions options)
    {
        var region = options.Region ?? "us-east-1";
        var place = region == "us-east-1" ? "" : $" --create-bucket-configuration LocationConstraint={region}";
        var service = options.ServiceUrl is null ? "" : $" --endpoint-url {options.ServiceUrl}";
        return $"aws s3api create-bucket --bucket {bucket} --region {region}{place}{service}";
    }

    /// <summary>Whether there is no such object or bucket. The status is not enough: 404 has other reasons with some servers.</summary>
    public static bool IsAbsence(Exception error) => error is AmazonS3Exception { ErrorCode: "NoSuchKey" or "NoSuchBucket" or "NotFound" };

    /// <summary>Whether the way to the service failed, so that what became of a request is not known.</summary>
    public static bool IsConnection(Exception error) =>
        error is HttpRequestException or HttpIOException or IOException { InnerException: SocketException } || IsTimeout(error);

    private static bool IsTimeout(Exception error) =>
        error is TimeoutException or OperationCanceledException { InnerException: TimeoutException };

    private static string? Reason(Exception error, S3StoreAddress address, S3StoreOptions options) => error switch
    {
        AmazonS3Exception s3 => Answer(s3, address, options),
        _ when IsTimeout(error) =>
            $"{Service(options)} gave no answer for {options.Timeout.TotalSeconds:0} seconds. Check the network, and run again.",
        _ when IsConnection(error) =>
            $"there is no connection to {Service(options)}: {error.Message} Check the address and the network, and run again.",
        AmazonServiceException { InnerException: { } inner } when Reason(inner, address, options) is { } reason => reason,
        AmazonClientException => $"{error.Message} Give credentials and a region by environment variables, a profile, or a role.",
        _ => null,
    };

    private static string Answer(AmazonS3Exception error, S3StoreAddress address, S3StoreOptions options) =>
        (error.ErrorCode, error.StatusCode) switch
        {
            ("NoSuchBucket", _) =>
                $"there is no bucket {address.Bucket} at {Service(options)}. Create it: {CreateBucketLine(address.Bucket, options)}",
            ("NoSuchKey" or "NotFound", _) =>
                "there is no such object. Restore it from an older version or a backup, or build it anew from the zone before it.",
            ("InvalidAccessKeyId" or "XAdminUserNotFound" or "ExpiredToken" or "InvalidToken", _) =>
                $"{Service(options)} refuses the credentials ({error.ErrorCode}). Check the access key, and whether it has expired.",
            ("SignatureDoesNotMatch", _) =>
                $"{Service(options)} refuses the credentials ({error.ErrorCode}). Check the secret; "
                + "when it is right, the request was cut on its way: run again.",
            ("IncompleteBody" or "RequestTimeout", _) =>
                $"the connection to {Service(options)} broke while the file was sent ({error.ErrorCode}). Nothing was stored; run again.",
            ("PermanentRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException", _) =>
                $"the bucket is in another region than {options.Region ?? "the one in use"} ({error.ErrorCode}). "
                + "Set the region of the bucket.",
            ("RequestTimeTooSkewed", _) => "this machine's clock is wrong. Set it.",
            ("BadDigest" or "XAmzContentChecksumMismatch" or "XAmzContentSHA256Mismatch" or "InvalidDigest", _) =>
                $"the bytes that arrived are not those that were announced ({error.ErrorCode}). Nothing was stored; run again.",
            (_, HttpStatusCode.Forbidden) =>
                "access is denied. The role or user needs s3:ListBucket of the bucket, and s3:GetObject, s3:PutObject, s3:DeleteObject and "
                + "s3:AbortMultipartUpload of its objects; without s3:ListBucket an object that is not there looks forbidden too.",
            ("SlowDown" or "ServiceUnavailable" or "InternalError", _) or (_, >= HttpStatusCode.InternalServerError) =>
                $"{Service(options)} is overloaded or out of order ({error.ErrorCode}), after several attempts. Run again later.",
            _ => $"{Service(options)} answered {(int)error.StatusCode} {error.ErrorCode}: {error.Message}",
        };

    private static string Service(S3StoreOptions options) => options.ServiceUrl ?? "AWS";

    /// <summary>The body of an answer repeats the access key and what was signed: it must not reach a log.</summary>
    private static Exception Shown(Exception error) => error is AmazonS3Exception s3
        ? new AmazonS3Exception(s3.Message, s3.ErrorType, s3.ErrorCode, s3.RequestId, s3.StatusCode)
        : error;
}
