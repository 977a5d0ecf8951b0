namespace Finks.Lake.Catalog;

/// <summary>Finds Parquet files of the Silver and Gold zones that no snapshot names: what attempts left that never came to their
/// commit.</summary>
internal static class OrphanSweep
{
    /// <param name="transaction">Its write lock keeps commits out, so that no file gets named between the look and the deletion.</param>
    public static IReadOnlyList<string> Run(LedgerTransaction transaction, LakePaths paths, DateTimeOffset olderThan, bool dryRun)
    {
        var named = Named(transaction, paths);
        var orphans = new[] { paths.Silver, paths.Gold }
            .SelectMany(zone => Directory.EnumerateFiles(zone, "*.parquet", SearchOption.AllDirectories))
            .Where(file => !named.Contains(file) && File.GetLastWriteTimeUtc(file) < olderThan.UtcDateTime)
            .Order(StringComparer.Ordinal)
            .ToList();
        if (!dryRun)
            orphans.ForEach(File.Delete);
        return orphans;
    }

    /// <summary>Every path in the catalog, with each schema and table in all versions it had, and what other writers have yet to
    /// delete.</summary>
    private static HashSet<string> Named(LedgerTransaction transaction, LakePaths paths)
    {
        const string sql =
            """
            SELECT
              CASE WHEN f.path_is_relative = 0 THEN f.path
                WHEN t.path_is_relative = 0 THEN t.path || f.path
                ELSE coalesce(s.path, '') || coalesce(t.path, '') || f.path END,
              f.path_is_relative <> 0 AND t.path_is_relative <> 0 AND s.path_is_relative <> 0
            FROM (SELECT table_id, path, path_is_relative FROM ducklake_data_file
              UNION ALL SELECT table_id, path, path_is_relative FROM ducklake_delete_file) f
            JOIN ducklake_table t USING (table_id) JOIN ducklake_schema s USING (schema_id)
            UNION SELECT path, path_is_relative <> 0 FROM ducklake_files_scheduled_for_deletion
            """;
        return transaction.Query(sql, r => r.GetBoolean(1) ? paths.Resolve(r.GetString(0)) : r.GetString(0))
            .ToHashSet(StringComparer.Ordinal);
    }
}
