namespace Finks.Lake.Catalog;

/// <summary>Reads where a table's rows are, in all forms in which DuckLake's writers may have left them.</summary>
internal static class ContentsReader
{
    private const string Live = "table_id = @table AND begin_snapshot <= @at AND (end_snapshot IS NULL OR end_snapshot > @at)";

    /// <exception cref="LakeException">Something is encrypted, or of a form that Finks does not read.</exception>
    public static TableContents Read(LedgerReader reader, LakeTable table, long at)
    {
        Refuse(reader, table);
        (string, object?)[] parameters = [("table", table.Id), ("at", at)];
        var deletes = reader.Query(
            $"SELECT data_file_id, path, path_is_relative, partial_max FROM ducklake_delete_file WHERE {Live}",
            r => (File: r.GetInt64(0), Delete: new ScanDelete(Key(table, r.GetString(1), r.Flag(2) ?? true), r.Number(3) > at)), parameters)
            .ToDictionary(d => d.File, d => d.Delete);
        var deleted = InlinedDeletes(reader, table, at);
        var files = reader.Query(
            $"SELECT data_file_id, path, path_is_relative, file_size_bytes, row_id_start, partial_max, mapping_id FROM ducklake_data_file WHERE {Live} ORDER BY data_file_id",
            r => new ScanFile(
                r.GetInt64(0), Key(table, r.GetString(1), r.Flag(2) ?? true), r.GetInt64(3), r.Number(4), r.Number(5) > at, r.Number(6),
                deletes.GetValueOrDefault(r.GetInt64(0)), [.. deleted[r.GetInt64(0)]]),
            parameters);
        var maps = reader.Query(
            """
            SELECT n.mapping_id, n.target_field_id, n.source_name, n.is_partition FROM ducklake_name_mapping n
            JOIN ducklake_column_mapping m USING (mapping_id) WHERE m.table_id = @table
            """,
            r => (Map: r.GetInt64(0), Column: (r.GetInt64(1), r.GetString(2), r.Flag(3) ?? false)), ("table", table.Id)).ToLookup(m => m.Map, m => m.Column);
        return new TableContents(files, maps, [.. InlinedTables(reader, table).Select(t => Inlined(reader, table, t.Name, t.Version, at)).Where(t => t.Rows.Count > 0)]);
    }

    private static void Refuse(LedgerReader reader, LakeTable table)
    {
        var foreign = reader.Query(
            """
            SELECT 'an encrypted file' FROM ducklake_data_file WHERE table_id = @table AND encryption_key IS NOT NULL
            UNION ALL SELECT 'a delete file that is no Parquet' FROM ducklake_delete_file WHERE table_id = @table AND format <> 'parquet'
            UNION ALL SELECT 'a map of nested names' FROM ducklake_name_mapping n JOIN ducklake_column_mapping m USING (mapping_id)
              WHERE m.table_id = @table AND n.parent_column IS NOT NULL
            UNION ALL SELECT 'a field of a struct that had other names' FROM ducklake_column
              WHERE table_id = @table AND parent_column IS NOT NULL GROUP BY column_id HAVING count(DISTINCT column_name) > 1
            """, r => r.GetString(0), ("table", table.Id));
        if (foreign.Count > 0)
            throw new LakeException($"{table.FullName} has {foreign[0]}, made by another writer, which Finks cannot read. Read it with DuckDB's ducklake extension.");
    }

    /// <summary>Positions of deleted rows by data file, as far as the catalog itself keeps them.</summary>
    public static ILookup<long, long> InlinedDeletes(LedgerReader reader, LakeTable table, long at)
    {
        var name = $"ducklake_inlined_delete_{table.Id}";
        return (reader.HasTable(name)
            ? reader.Query($"SELECT file_id, row_id FROM {name} WHERE begin_snapshot <= @at", r => (File: r.GetInt64(0), Position: r.GetInt64(1)), ("at", at))
            : []).ToLookup(d => d.File, d => d.Position);
    }

    private static IReadOnlyList<(string Name, long Version)> InlinedTables(LedgerReader reader, LakeTable table) => reader.Query(
        "SELECT table_name, schema_version FROM ducklake_inlined_data_tables WHERE table_id = @table ORDER BY schema_version",
        r => (r.GetString(0), r.GetInt64(1)), ("table", table.Id));

    /// <summary>The columns of such a table are those that the table had when its schema got the version.</summary>
    private static InlinedRows Inlined(LedgerReader reader, LakeTable table, string name, long version, long at)
    {
        var since = reader.Scalar<long>(
            "SELECT max(begin_snapshot) FROM ducklake_schema_versions WHERE table_id = @table AND schema_version <= @version", ("table", table.Id), ("version", version));
        var columns = CatalogReader.Tables(reader, since, table.Id)[0].Columns;
        var values = string.Concat(columns.Select(c => $", CAST({Files.SqlText.Name(c.Name)} AS TEXT)"));
        return new InlinedRows([.. columns.Select(c => c.Id)], reader.Query(
            $"SELECT row_id{values} FROM {name} WHERE begin_snapshot <= @at AND (end_snapshot IS NULL OR end_snapshot > @at) ORDER BY row_id",
            r => (r.GetInt64(0), (IReadOnlyList<string?>)[.. columns.Select((_, i) => r.Text(i + 1))]), ("at", at)));
    }

    private static string Key(LakeTable table, string path, bool relative) => relative ? table.Prefix + path : CatalogPath.Key(path);
}
