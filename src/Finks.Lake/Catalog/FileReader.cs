
namespace Finks.Lake.Catalog;

/// <summary>Reads which files a table has.</summary>
internal static class FileReader
{
    /// <param name="after">Only files that were added after this snapshot.</param>
    public static IReadOnlyList<DataFile> Files(LedgerReader reader, LakeTable table, long at, long after = -1)
    {
        (string, object?)[] parameters = [("table", table.Id), ("at", at), ("after", after)];
        const string live =
            "f.table_id = @table AND f.begin_snapshot > @after AND f.begin_snapshot <= @at AND (f.end_snapshot IS NULL OR f.end_snapshot > @at)";
        var names = table.Columns.SelectMany(c => new[] { (Id: (long?)c.Id, c.Name), (Id: c.ElementId, c.Name) })
            .Where(c => c.Id is not null).ToDictionary(c => c.Id!.Value, c => c.Name);
        var ranges = reader.Query(
            $"""
            SELECT s.data_file_id, s.column_id, s.min_value, s.max_value, s.value_count, s.null_count, s.contains_nan
            FROM ducklake_data_file f JOIN ducklake_file_column_stats s USING (data_file_id) WHERE {live}
            """,
            r => (
                File: r.GetInt64(0), Column: r.GetInt64(1),
                Range: new ColumnRange(r.Text(2), r.Text(3), r.Number(4), r.Number(5), r.Flag(6))),
            parameters).Where(s => names.ContainsKey(s.Column)).ToLookup(s => s.File);
        return reader.Query(
            $"""
            SELECT f.data_file_id, f.path, f.path_is_relative, f.record_count, f.file_size_bytes, f.row_id_start, f.begin_snapshot, p.partition_value
            FROM ducklake_data_file f LEFT JOIN ducklake_file_partition_value p ON p.data_file_id = f.data_file_id AND p.partition_key_index = 0
            WHERE {live} ORDER BY f.data_file_id
            """,
            r => new DataFile(
                r.GetInt64(0), Key(table, r.GetString(1), r.Flag(2) ?? true), r.GetInt64(3), r.GetInt64(4), r.Text(7), r.Number(5), r.GetInt64(6),
                ranges[r.GetInt64(0)].ToDictionary(s => names[s.Column], s => s.Range, StringComparer.OrdinalIgnoreCase)),
            parameters);
    }

    /// <summary>The delete file of each data file that has one; other engines write them.</summary>
    public static Dictionary<long, string> DeleteFiles(LedgerReader reader, LakeTable table, long at)
    {
        (string, object?)[] parameters = [("table", table.Id), ("at", at)];
        const string live = "table_id = @table AND begin_snapshot <= @at AND (end_snapshot IS NULL OR end_snapshot > @at)";
        var foreign = reader.Query(
            $"""
            SELECT 'a file merged by a compaction' FROM ducklake_data_file WHERE {live} AND partial_max > @at
            UNION ALL SELECT 'a file without field ids' FROM ducklake_data_file WHERE {live} AND mapping_id IS NOT NULL
            UNION ALL SELECT 'an encrypted file' FROM ducklake_data_file WHERE {live} AND encryption_key IS NOT NULL
            UNION ALL SELECT 'a delete file of several snapshots' FROM ducklake_delete_file WHERE {live} AND partial_max IS NOT NULL
            UNION ALL SELECT 'rows kept inside the catalog' FROM ducklake_inlined_data_tables WHERE table_id = @table
            """, r => r.GetString(0), parameters).ToList();
        if (ContentsReader.InlinedDeletes(reader, table, at).Count > 0)
            foreign.Add("rows whose deletion only the catalog tells");
        if (foreign.Count > 0)
            throw new LakeException(
                $"{table.FullName} has {foreign[0]}, made by another writer, which Finks cannot read at snapshot {at}. "
                + "Read it with DuckDB's ducklake extension.");
        return reader.Query(
            $"SELECT data_file_id, path, path_is_relative FROM ducklake_delete_file WHERE {live}",
            r => (File: r.GetInt64(0), Path: Key(table, r.GetString(1), r.Flag(2) ?? true)), parameters).ToDictionary(d => d.File, d => d.Path);
    }

    private static string Key(LakeTable table, string path, bool relative) => relative ? table.Prefix + path : CatalogPath.Key(path);
}
