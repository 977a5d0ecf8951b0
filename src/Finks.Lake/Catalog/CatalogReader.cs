namespace Finks.Lake.Catalog;

/// <summary>Reads schemas and tables as one snapshot has them. A row is part of a snapshot from its <c>begin_snapshot</c> until before its
/// <c>end_snapshot</c>.</summary>
internal static class CatalogReader
{
    private const string Visible = "begin_snapshot <= @at AND (end_snapshot IS NULL OR end_snapshot > @at)";

    public static IReadOnlyList<CatalogSchema> Schemas(LedgerReader reader, long at)
    {
        var root = CatalogPath.Root(reader);
        return reader.Query(
            $"SELECT schema_id, schema_name, path, path_is_relative FROM ducklake_schema WHERE {Visible}",
            r => new CatalogSchema(r.GetInt64(0), r.GetString(1), r.Flag(3) == false ? CatalogPath.Key(r.GetString(2)) : root + r.Text(2)),
            ("at", at));
    }

    /// <summary>Reads the rows of this table only.</summary>
    public static LakeTable? FindTable(LedgerReader reader, long at, TableName name)
    {
        var schemas = Schemas(reader, at).Where(s => s.Name.Equals(name.Schema, StringComparison.OrdinalIgnoreCase)).Select(s => s.Id).ToHashSet();
        // lower() knows ASCII in every database, DuckDB's names know no more.
        var id = reader.Query(
            $"SELECT table_id, schema_id FROM ducklake_table WHERE lower(table_name) = lower(@name) AND {Visible}",
            r => (Table: r.GetInt64(0), Schema: r.GetInt64(1)), ("name", name.Name), ("at", at))
            .Where(t => schemas.Contains(t.Schema)).Select(t => (long?)t.Table).SingleOrDefault();
        return id is null ? null : Tables(reader, at, id)[0];
    }

    /// <param name="tableId">Only this table; null for all.</param>
    public static IReadOnlyList<LakeTable> Tables(LedgerReader reader, long at, long? tableId = null)
    {
        var schemas = Schemas(reader, at).ToDictionary(s => s.Id);
        var one = tableId is null ? "" : " AND table_id = @table";
        (string, object?)[] parameters = tableId is null ? [("at", at)] : [("at", at), ("table", tableId)];
        var comments = Comments(reader, tableId, parameters);
        var columns = ColumnReader.Read(reader, Visible, one, parameters);
        var next = reader.Query(
            $"SELECT table_id, max(column_id) + 1 FROM ducklake_column WHERE begin_snapshot <= @at{one} GROUP BY table_id",
            r => (Table: r.GetInt64(0), Id: r.GetInt64(1)), parameters).ToDictionary(c => c.Table, c => c.Id);
        var partitions = Partitions(reader, one, parameters);
        var sorts = reader.Query(
            $"""
            SELECT table_id, expression, sort_direction FROM ducklake_sort_info JOIN ducklake_sort_expression USING (sort_id, table_id)
            WHERE {Visible}{one} ORDER BY sort_key_index
            """,
            r => (Table: r.GetInt64(0), Key: new SortKey(r.GetString(1).Trim('"'), r.Text(2) == "DESC")), parameters).ToLookup(s => s.Table, s => s.Key);
        return reader.Query(
            $"SELECT table_id, schema_id, table_name, path, path_is_relative FROM ducklake_table WHERE {Visible}{one} ORDER BY table_id",
            r =>
            {
                var id = r.GetInt64(0);
                var schema = schemas[r.GetInt64(1)];
                var path = r.Flag(4) == false ? CatalogPath.Key(r.GetString(3)) : schema.Prefix + r.Text(3);
                var own = columns[id].Select(c => c with { Comment = comments.GetValueOrDefault((id, c.Id)) }).ToList();
                var partition = partitions.GetValueOrDefault(id);
                return new LakeTable(
                    id, schema.Name, r.GetString(2), path.Length == 0 || path.EndsWith('/') ? path : path + "/", own,
                    own.FirstOrDefault(c => c.Id == partition.YearOf)?.Name, [.. sorts[id]], comments.GetValueOrDefault((id, null)))
                {
                    PartitionId = partition.Id,
                    NextColumnId = next[id],
                };
            }, parameters);
    }

    private static Dictionary<long, (long? Id, long? YearOf)> Partitions(
        LedgerReader reader, string one, (string, object?)[] parameters) => reader.Query(
        $"""
        SELECT table_id, partition_id, max(CASE WHEN transform = 'year' THEN column_id END), count(column_id)
        FROM ducklake_partition_info LEFT JOIN ducklake_partition_column USING (partition_id, table_id)
        WHERE {Visible}{one} GROUP BY table_id, partition_id
        """,
        r => (Table: r.GetInt64(0), Id: r.GetInt64(3) == 0 ? null : (long?)r.GetInt64(1), Year: r.GetInt64(3) == 1 ? r.Number(2) : null), parameters)
        .ToDictionary(p => p.Table, p => (p.Id, p.Year));

    /// <summary>By table and column; a null column stands for the table itself.</summary>
    private static Dictionary<(long Table, long? Column), string> Comments(LedgerReader reader, long? tableId, (string, object?)[] parameters) => reader.Query(
        $"""
        SELECT object_id, NULL, value FROM ducklake_tag WHERE key = 'comment' AND value IS NOT NULL AND {Visible}{(tableId is null ? "" : " AND object_id = @table")}
        UNION ALL
        SELECT table_id, column_id, value FROM ducklake_column_tag WHERE key = 'comment' AND value IS NOT NULL AND {Visible}{(tableId is null ? "" : " AND table_id = @table")}
        """,
        r => (Key: (r.GetInt64(0), r.Number(1)), Value: r.GetString(2)), parameters).ToDictionary(c => c.Key, c => c.Value);
}

/// <param name="Prefix">What leads the keys of its tables.</param>
internal sealed record CatalogSchema(long Id, string Name, string Prefix);
