namespace Finks.Lake.Storage;

/// <summary>A key as S3 takes it: its first part is the bucket.</summary>
internal readonly record struct S3StoreAddress(string Bucket, string Key)
{
    public static S3StoreAddress Of(string key) => Split(ZoneKey.Checked(key));

    /// <summary>Of the beginning of keys; <see cref="Key"/> may be empty.</summary>
    public static S3StoreAddress OfPrefix(string prefix) => Split(ZoneKey.CheckedPrefix(prefix));

    public override string ToString() => $"s3://{Bucket}/{Key}";

    private static S3StoreAddress Split(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return new S3StoreAddress(key[..slash], key[(slash + 1)..]);
    }
}
