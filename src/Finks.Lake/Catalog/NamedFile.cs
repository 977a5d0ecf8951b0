using System.Data.Common;

namespace Finks.Lake.Catalog;

/// <summary>A data file or delete file that some snapshot names.</summary>
/// <param name="Key">An absolute path for a file that another writer put outside the lake.</param>
/// <param name="Sha256">Null for files of other writers.</param>
/// <param name="IsDelete">Whether it takes rows out of a data file.</param>
internal sealed record NamedFile(long Id, long TableId, string Table, string Key, long Bytes, long Rows, string? Sha256, bool IsDelete)
{
    public bool InLake => IsInLake(Key);

    /// <summary>A path in the catalog is below its table's, that below its schema's, unless it is absolute.</summary>
    private const string KeySql =
        """
        CASE WHEN NOT f.path_is_relative THEN f.path
          WHEN NOT t.path_is_relative THEN coalesce(t.path, '') || f.path
          WHEN NOT s.path_is_relative THEN coalesce(s.path, '') || coalesce(t.path, '') || f.path
          ELSE @root || coalesce(s.path, '') || coalesce(t.path, '') || f.path END
        """;

    /// <summary>All of them, in the order of tables and keys, each once.</summary>
    public static IReadOnlyList<NamedFile> All(LedgerReader reader) => reader.Query(
        $"""
        SELECT f.id, f.table_id, s.schema_name || '.' || t.table_name, {KeySql} AS file_key,
          f.file_size_bytes, f.row_count, h.sha256, f.is_delete
        FROM (SELECT data_file_id AS id, table_id, path, path_is_relative, file_size_bytes, record_count AS row_count, false AS is_delete FROM ducklake_data_file
          UNION ALL SELECT delete_file_id, table_id, path, path_is_relative, file_size_bytes, delete_count, true FROM ducklake_delete_file) f
        JOIN ducklake_table t USING (table_id) JOIN ducklake_schema s USING (schema_id)
        LEFT JOIN finks_file_hash h ON h.data_file_id = f.id AND NOT f.is_delete
        WHERE t.begin_snapshot = (SELECT max(begin_snapshot) FROM ducklake_table n WHERE n.table_id = t.table_id)
          AND s.begin_snapshot = (SELECT max(begin_snapshot) FROM ducklake_schema n WHERE n.schema_id = s.schema_id)
        ORDER BY 3, 4
        """,
        (DbDataReader r) => new NamedFile(
            r.GetInt64(0), r.GetInt64(1), r.GetString(2), CatalogPath.Key(r.GetString(3)), r.GetInt64(4), r.GetInt64(5), r.Text(6), r.Flag(7) == true),
        ("root", CatalogPath.Root(reader)));

    /// <summary>Every key that a snapshot names, with each schema and table in all versions it had.</summary>
    public static HashSet<string> AllKeys(LedgerReader reader) => reader.Query(
        $"""
        SELECT {KeySql}
        FROM (SELECT table_id, path, path_is_relative FROM ducklake_data_file
          UNION ALL SELECT table_id, path, path_is_relative FROM ducklake_delete_file) f
        JOIN ducklake_table t USING (table_id) JOIN ducklake_schema s USING (schema_id)
        """,
        r => CatalogPath.Key(r.GetString(0)),
        ("root", CatalogPath.Root(reader))).ToHashSet(StringComparer.Ordinal);

    /// <summary>Files that no snapshot names any more and that wait to be deleted.</summary>
    public static IReadOnlyList<ScheduledFile> Scheduled(LedgerReader reader)
    {
        var root = CatalogPath.Root(reader);
        return reader.Query(
            "SELECT path, path_is_relative, schedule_start FROM ducklake_files_scheduled_for_deletion ORDER BY path",
            r => new ScheduledFile(r.GetString(0), r.Flag(1) == false ? CatalogPath.Key(r.GetString(0)) : root + r.GetString(0), r.Instant(2)));
    }

    /// <summary>Other writers may put files anywhere on the machine.</summary>
    internal static bool IsInLake(string key) => !Path.IsPathRooted(key);
}

/// <param name="Path">As the catalog has it.</param>
/// <param name="Since">When it was set down to be deleted.</param>
internal sealed record ScheduledFile(string Path, string Key, DateTimeOffset Since)
{
    public bool InLake => NamedFile.IsInLake(Key);
}
