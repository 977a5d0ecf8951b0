using Finks.Lake.Storage;

namespace Finks.Lake.Catalog;

/// <summary>
/// How keys stand in the catalog. Zones that lie together are paths relative to the catalog's <c>data_path</c>. Buckets are absolute, and the
/// <c>data_path</c> is the Gold bucket, where other writers put what has no schema of Finks's.
/// </summary>
internal static class CatalogPath
{
    private const string S3 = "s3://";

    public static string DataPath(ZoneStore store, LakePaths paths) =>
        store.ZonesLieTogether ? store.DataPath : store.DataPath + paths.GoldPath;

    /// <summary>The path of DuckLake's schema <c>main</c>, below the <c>data_path</c>.</summary>
    public static string MainPath(ZoneStore store, LakePaths paths) => store.ZonesLieTogether ? paths.GoldPath + "main/" : "main/";

    /// <summary>The path and <c>path_is_relative</c> of a schema whose keys begin with <paramref name="prefix"/>.</summary>
    public static (string Path, bool Relative) OfSchema(ZoneStore store, string prefix) =>
        store.ZonesLieTogether ? (prefix, true) : (store.DataPath + prefix, false);

    /// <summary>What leads the key of a path that is relative to the <c>data_path</c>. A folder that was moved is where it is now, not where the
    /// catalog says.</summary>
    public static string Root(LedgerReader reader) =>
        Root(reader.Scalar<string>("SELECT value FROM ducklake_metadata WHERE key = 'data_path' AND scope IS NULL"));

    /// <inheritdoc cref="Root(LedgerReader)"/>
    public static string Root(string? dataPath) => dataPath is not null && dataPath.StartsWith(S3, StringComparison.Ordinal) ? dataPath[S3.Length..] : "";

    /// <summary>The key of an absolute path; the path itself when it is of this machine.</summary>
    public static string Key(string absolute) => absolute.StartsWith(S3, StringComparison.Ordinal) ? absolute[S3.Length..] : absolute;
}
