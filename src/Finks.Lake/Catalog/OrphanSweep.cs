using Finks.Lake.Storage;

namespace Finks.Lake.Catalog;

/// <summary>Finds Parquet files of the Silver and Gold zones that no snapshot names: what attempts left that never came to their
/// commit.</summary>
internal static class OrphanSweep
{
    /// <param name="transaction">Its write lock keeps commits out, so that no file gets named between the look and the deletion.</param>
    public static IReadOnlyList<string> Run(LedgerTransaction transaction, LakePaths paths, ZoneStore store, DateTimeOffset olderThan, bool dryRun)
    {
        var named = NamedFile.AllKeys(transaction);
        named.UnionWith(NamedFile.Scheduled(transaction).Select(f => f.Key));
        var orphans = new[] { paths.SilverPath, paths.GoldPath }.SelectMany(store.List)
            .Where(file => file.Key.EndsWith(".parquet", StringComparison.Ordinal) && file.LastModified < olderThan && !named.Contains(file.Key))
            .Select(file => file.Key).Order(StringComparer.Ordinal).ToList();
        if (!dryRun)
            store.Delete(orphans);
        return orphans;
    }
}
