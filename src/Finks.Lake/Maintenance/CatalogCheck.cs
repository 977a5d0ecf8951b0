using Finks.Lake.Types;

namespace Finks.Lake.Maintenance;

/// <summary>Compares what the catalog says with what else it says. Nothing here reads a file.</summary>
internal static class CatalogCheck
{
    private const string Advice = "Another writer has damaged the catalog: restore a backup, or rebuild the lake from Bronze";

    /// <summary>Each with what to do.</summary>
    public static IReadOnlyList<string> Problems(LedgerReader reader) =>
        [.. RowIds(reader), .. Totals(reader), .. Deletes(reader), .. Bounds(reader), .. Counters(reader)];

    /// <summary>Two rows with one id would be one row to whoever deletes it.</summary>
    private static IEnumerable<string> RowIds(LedgerReader reader)
    {
        var files = reader.Query(
            """
            SELECT table_id, data_file_id, row_id_start, record_count FROM ducklake_data_file
            WHERE row_id_start IS NOT NULL AND partial_max IS NULL ORDER BY table_id, row_id_start, data_file_id
            """,
            r => (Table: r.GetInt64(0), File: r.GetInt64(1), First: r.GetInt64(2), Rows: r.GetInt64(3)));
        return files.Zip(files.Skip(1)).Where(p => p.First.Table == p.Second.Table && p.First.First + p.First.Rows > p.Second.First)
            .Select(p => $"catalog: the files {p.First.File} and {p.Second.File} of table {p.First.Table} share row ids from {p.Second.First} on. {Advice}");
    }

    private static IReadOnlyList<string> Totals(LedgerReader reader) => reader.Query(
        """
        SELECT f.table_id, max(f.row_id_start + f.record_count), max(s.next_row_id), count(DISTINCT s.table_id)
        FROM ducklake_data_file f LEFT JOIN ducklake_table_stats s ON s.table_id = f.table_id
        GROUP BY f.table_id
        HAVING max(s.next_row_id) IS NULL OR max(f.row_id_start + f.record_count) > max(s.next_row_id)
          OR (SELECT count(*) FROM ducklake_table_stats n WHERE n.table_id = f.table_id) <> 1
        """,
        r => $"catalog: table {r.GetInt64(0)} has row ids up to {r.Number(1)}, but its statistics would give {r.Number(2)?.ToString() ?? "none"} next: new rows would get used ids. {Advice}");

    private static IReadOnlyList<string> Deletes(LedgerReader reader) => reader.Query(
        "SELECT data_file_id, count(*) FROM ducklake_delete_file WHERE end_snapshot IS NULL GROUP BY data_file_id HAVING count(*) > 1",
        r => $"catalog: data file {r.GetInt64(0)} has {r.GetInt64(1)} live delete files, so its rows come doubled. {Advice}");

    /// <summary>Readers take a filter for unfulfillable by a table's bounds, so they must cover every file of every snapshot.</summary>
    private static IEnumerable<string> Bounds(LedgerReader reader)
    {
        var types = reader.Query(
            "SELECT table_id, column_id, column_type, begin_snapshot FROM ducklake_column ORDER BY begin_snapshot",
            r => (Key: (r.GetInt64(0), r.GetInt64(1)), Type: r.GetString(2))).GroupBy(c => c.Key).ToDictionary(c => c.Key, c => LakeType.FromCatalog(c.Last().Type));
        var pairs = reader.Query(
            """
            SELECT t.table_id, t.column_id, t.min_value, t.max_value, t.contains_null, t.contains_nan,
              f.data_file_id, f.min_value, f.max_value, f.null_count, f.contains_nan, f.value_count
            FROM ducklake_table_column_stats t JOIN ducklake_file_column_stats f ON f.table_id = t.table_id AND f.column_id = t.column_id
            """,
            r => (
                Key: (Table: r.GetInt64(0), Column: r.GetInt64(1)), Table: new ColumnRange(r.Text(2), r.Text(3), null, r.Flag(4) == false ? 0 : null, r.Flag(5)),
                File: r.GetInt64(6), Range: new ColumnRange(r.Text(7), r.Text(8), r.Number(11), r.Number(9), r.Flag(10))));
        foreach (var (key, table, file, range) in pairs)
        {
            var order = types.GetValueOrDefault(key)?.Order ?? BoundOrder.None;
            var narrow = range.Nulls > 0 && table.Nulls == 0
                || range.ContainsNan == true && table.ContainsNan == false
                || Narrower(order, range.Min, table.Min, -1) || Narrower(order, range.Max, table.Max, 1);
            if (narrow)
                yield return $"catalog: the bounds of column {key.Column} of table {key.Table} do not cover its file {file}: filters lose rows. Delete the column's row from "
                    + "ducklake_table_column_stats; readers then do without it";
        }
    }

    private static bool Narrower(BoundOrder order, string? file, string? table, int sign) =>
        file is not null && order != BoundOrder.None && (table is null || Types.Bounds.Compare(order, file, table) is { } compared && compared * sign > 0);

    private static IEnumerable<string> Counters(LedgerReader reader)
    {
        const string newest = "SELECT {0} FROM ducklake_snapshot ORDER BY snapshot_id DESC LIMIT 1";
        var file = reader.Scalar<long?>(
            "SELECT max(id) FROM (SELECT max(data_file_id) AS id FROM ducklake_data_file UNION ALL SELECT max(delete_file_id) FROM ducklake_delete_file) f");
        if (file >= reader.Scalar<long>(string.Format(System.Globalization.CultureInfo.InvariantCulture, newest, "next_file_id")))
            yield return $"catalog: the number {file} of a file would be given again. {Advice}";
        var entry = reader.Scalar<long?>(
            "SELECT max(id) FROM (SELECT max(table_id) AS id FROM ducklake_table UNION ALL SELECT max(schema_id) FROM ducklake_schema UNION ALL SELECT max(view_id) FROM ducklake_view) e");
        if (entry >= reader.Scalar<long>(string.Format(System.Globalization.CultureInfo.InvariantCulture, newest, "next_catalog_id")))
            yield return $"catalog: the number {entry} of a table, schema or view would be given again. {Advice}";
    }
}
