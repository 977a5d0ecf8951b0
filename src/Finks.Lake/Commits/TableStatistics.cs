using Finks.Lake.Types;

namespace Finks.Lake.Commits;

/// <summary>
/// Bounds of a table's columns over every row of every snapshot. Readers answer filters from them, so a bound that is too narrow loses rows
/// without a word. NULL bounds mean "no value yet", not "unknown": what is unknown must have no row at all.
/// </summary>
internal static class TableStatistics
{
    /// <param name="isFirstInsert">Only then are rows made. A column that came later stays without: files older than the column hold NULLs
    /// that no file's statistics tell of.</param>
    public static void Widen(
        LedgerTransaction database, long table, IReadOnlyList<DefinedColumn> columns, IReadOnlyList<WrittenFile> files, bool isFirstInsert)
    {
        // Another writer may have changed a type and kept the bounds.
        ForgetRetyped(database, table);
        var stored = database.Query(
            "SELECT column_id, contains_null, contains_nan, min_value, max_value FROM ducklake_table_column_stats WHERE table_id = @table",
            r => (Column: r.GetInt64(0), Range: new Range(r.Flag(1) ?? true, r.Flag(2), r.Text(3), r.Text(4))),
            ("table", table)).ToDictionary(s => s.Column, s => s.Range);
        for (var i = 0; i < columns.Count; i++)
        {
            var (id, type) = columns[i].Leaf;
            Range? start = isFirstInsert ? new Range(false, type.Order == BoundOrder.Float ? false : null, null, null) : stored.GetValueOrDefault(id);
            if (start is null)
                continue;
            var range = files.Aggregate<WrittenFile, Range?>(start, (sum, file) => sum is null
                ? null
                : Union(sum, file.Columns[i], type.Order));
            Store(database, table, id, range, isFirstInsert);
        }
    }

    /// <summary>A column that had other types keeps no bounds. They are of all snapshots, and DuckLake's reader fails on an old one when they do not fit
    /// the type that the column had in it.</summary>
    public static void ForgetRetyped(LedgerTransaction database, long table) => database.Execute(
        """
        DELETE FROM ducklake_table_column_stats WHERE table_id = @table AND column_id IN (
          SELECT column_id FROM ducklake_column WHERE table_id = @table GROUP BY column_id HAVING count(DISTINCT column_type) > 1)
        """, ("table", table));

    /// <summary>Null when a bound of the union is unknown.</summary>
    internal static Range? Union(Range sum, ColumnStatistics file, BoundOrder order)
    {
        var range = sum with
        {
            ContainsNull = sum.ContainsNull || file.Nulls > 0,
            ContainsNan = order == BoundOrder.Float ? sum.ContainsNan == true || file.ContainsNan == true : null,
        };
        if (file.Values == 0)
            return range;
        if (file.Min is null || file.Max is null)
        {
            // A file of nothing but NaN has no bounds, and those of the others stay right.
            return order == BoundOrder.Float && file.ContainsNan == true && file.Min is null && file.Max is null ? range : null;
        }

        return Pick(order, sum.Min, file.Min, -1) is { } min && Pick(order, sum.Max, file.Max, 1) is { } max
            ? range with { Min = min, Max = max }
            : null;
    }

    /// <param name="sign">-1 picks the lesser, 1 the greater.</param>
    private static string? Pick(BoundOrder order, string? old, string found, int sign)
    {
        // Comparing a first bound with itself tells whether it can be understood.
        if (Bounds.Compare(order, old ?? found, found) is not { } compared)
            return null;
        return old is null || compared * sign < 0 ? found : old;
    }

    private static void Store(LedgerTransaction database, long table, long column, Range? range, bool isNew)
    {
        if (range is null)
        {
            if (!isNew)
                database.Execute("DELETE FROM ducklake_table_column_stats WHERE table_id = @table AND column_id = @column", ("table", table), ("column", column));
            return;
        }

        (string, object?)[] values =
        [
            ("table_id", table), ("column_id", column), ("contains_null", range.ContainsNull), ("contains_nan", range.ContainsNan),
            ("min_value", range.Min), ("max_value", range.Max),
        ];
        if (isNew)
            database.Insert("ducklake_table_column_stats", values);
        else
            database.Execute(
                """
                UPDATE ducklake_table_column_stats
                SET contains_null = @contains_null, contains_nan = @contains_nan, min_value = @min_value, max_value = @max_value
                WHERE table_id = @table_id AND column_id = @column_id
                """, values);
    }

    internal sealed record Range(bool ContainsNull, bool? ContainsNan, string? Min, string? Max);
}
