using Finks.Lake.Storage;
using Finks.Lake.Types;
using Microsoft.Data.Sqlite;

namespace Finks.Lake.Catalog;

/// <summary>Reads schemas and tables as one snapshot has them. A row is part of a snapshot from its <c>begin_snapshot</c> until before its
/// <c>end_snapshot</c>.</summary>
internal static class CatalogReader
{
    private const string Visible = "begin_snapshot <= $at AND (end_snapshot IS NULL OR end_snapshot > $at)";

    /// <summary>As <see cref="Visible"/>, for the table with the alias <c>e</c>.</summary>
    private const string EntryVisible = "e.begin_snapshot <= $at AND (e.end_snapshot IS NULL OR e.end_snapshot > $at)";

    public static List<CatalogSchema> Schemas(SqliteConnection connection, long at) => connection.Rows(
        $"SELECT schema_id, schema_name, path, path_is_relative FROM ducklake_schema WHERE {Visible}",
        r => new CatalogSchema(r.GetInt64(0), r.GetString(1), r.Text(2) ?? "", r.Number(3) != 0), ("at", at));

    /// <param name="tableId">Only this table; null for all.</param>
    public static List<LakeTable> Tables(SqliteConnection connection, LakePaths paths, long at, long? tableId = null)
    {
        var schemas = Schemas(connection, at).ToDictionary(s => s.Id);
        var one = tableId is null ? "" : " AND table_id = $table";
        (string, object?)[] parameters = tableId is null ? [("at", at)] : [("at", at), ("table", tableId)];
        var comments = Comments(connection, at);
        var columns = Columns(connection, one, parameters);
        var partitions = Partitions(connection, one, parameters);
        var sorts = connection.Rows(
            $"""
            SELECT table_id, expression, sort_direction FROM ducklake_sort_info JOIN ducklake_sort_expression USING (sort_id, table_id)
            WHERE {Visible}{one} ORDER BY sort_key_index
            """,
            r => (Table: r.GetInt64(0), Key: new SortKey(r.GetString(1).Trim('"'), r.Text(2) == "DESC")), parameters).ToLookup(s => s.Table, s => s.Key);
        return connection.Rows(
            $"SELECT table_id, schema_id, table_name, path, path_is_relative FROM ducklake_table WHERE {Visible}{one} ORDER BY table_id",
            r =>
            {
                var id = r.GetInt64(0);
                var schema = schemas[r.GetInt64(1)];
                var path = r.Number(4) == 0 ? r.GetString(3) : schema.Path + r.Text(3);
                var folder = r.Number(4) != 0 && schema.Relative ? paths.Resolve(path) : path;
                var own = columns[id].Select(c => c with { Comment = comments.GetValueOrDefault((id, c.Id)) }).ToList();
                var partition = partitions.GetValueOrDefault(id);
                return new LakeTable(
                    id, schema.Name, r.GetString(2), folder.TrimEnd('/', Path.DirectorySeparatorChar), own,
                    own.FirstOrDefault(c => c.Id == partition.YearOf)?.Name, [.. sorts[id]], comments.GetValueOrDefault((id, null)))
                {
                    PartitionId = partition.Id,
                };
            }, parameters);
    }

    private static ILookup<long, LakeColumn> Columns(SqliteConnection connection, string one, (string, object?)[] parameters)
    {
        var rows = connection.Rows(
            $"""
            SELECT table_id, column_id, column_name, column_type, nulls_allowed, parent_column
            FROM ducklake_column WHERE {Visible}{one} ORDER BY table_id, column_order, column_id
            """,
            r => (Table: r.GetInt64(0), Id: r.GetInt64(1), Name: r.GetString(2), Type: r.GetString(3), Nulls: r.Number(4) != 0, Parent: r.Number(5)),
            parameters);
        var children = rows.Where(r => r.Parent is not null).ToLookup(r => (r.Table, r.Parent!.Value));
        return rows.Where(r => r.Parent is null).ToLookup(r => r.Table, r =>
        {
            var element = r.Type == "list" ? children[(r.Table, r.Id)].Select(c => ((long Id, string Type)?)(c.Id, c.Type)).Single() : null;
            var type = LakeType.FromCatalog(r.Type, element?.Type)?.DuckDb ?? r.Type;
            return new LakeColumn(r.Id, r.Name, type, r.Nulls, null) { ElementId = element?.Id };
        });
    }

    private static Dictionary<long, (long? Id, long? YearOf)> Partitions(
        SqliteConnection connection, string one, (string, object?)[] parameters) => connection.Rows(
        $"""
        SELECT table_id, partition_id, max(CASE WHEN transform = 'year' THEN column_id END), count(column_id)
        FROM ducklake_partition_info LEFT JOIN ducklake_partition_column USING (partition_id, table_id)
        WHERE {Visible}{one} GROUP BY table_id, partition_id
        """,
        r => (Table: r.GetInt64(0), Id: r.GetInt64(3) == 0 ? null : (long?)r.GetInt64(1), Year: r.GetInt64(3) == 1 ? r.Number(2) : null), parameters)
        .ToDictionary(p => p.Table, p => (p.Id, p.Year));

    /// <summary>By table and column; a null column stands for the table itself.</summary>
    private static Dictionary<(long Table, long? Column), string> Comments(SqliteConnection connection, long at) => connection.Rows(
        $"""
        SELECT object_id, NULL, value FROM ducklake_tag e WHERE key = 'comment' AND value IS NOT NULL AND {EntryVisible}
        UNION ALL
        SELECT table_id, column_id, value FROM ducklake_column_tag e WHERE key = 'comment' AND value IS NOT NULL AND {EntryVisible}
        """,
        r => (Key: (r.GetInt64(0), r.Number(1)), Value: r.GetString(2)), ("at", at)).ToDictionary(c => c.Key, c => c.Value);
}

internal sealed record CatalogSchema(long Id, string Name, string Path, bool Relative);
