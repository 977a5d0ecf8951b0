using Finks.Lake.Types;

namespace Finks.Lake.Catalog;

/// <summary>Reads the columns of tables, nested ones below their parents.</summary>
internal static class ColumnReader
{
    /// <param name="visible">The condition that a row is part of the snapshot.</param>
    /// <param name="more">A further condition, or nothing.</param>
    public static ILookup<long, LakeColumn> Read(LedgerReader reader, string visible, string more, (string, object?)[] parameters)
    {
        var rows = reader.Query(
            $"""
            SELECT table_id, column_id, column_name, column_type, nulls_allowed, parent_column, initial_default, default_value, default_value_type, column_order
            FROM ducklake_column WHERE {visible}{more} ORDER BY table_id, column_order, column_id
            """,
            r => new Row(
                r.GetInt64(0), r.GetInt64(1), r.GetString(2), r.GetString(3), r.Flag(4) ?? true, r.Number(5), r.Text(6),
                r.Text(8) == "expression" || r.Text(7) == "NULL" ? null : r.Text(7), r.Number(9) ?? r.GetInt64(1)),
            parameters);
        var children = rows.ToLookup(r => (r.Table, r.Parent));
        return rows.Where(r => r.Parent is null).ToLookup(r => r.Table, r => Column(r, children));
    }

    private static LakeColumn Column(Row row, ILookup<(long Table, long? Parent), Row> children)
    {
        var own = children[(row.Table, row.Id)].Select(child => Column(child, children)).ToList();
        return new LakeColumn(row.Id, row.Name, ColumnType.DuckDb(row.Type, own), row.NullsAllowed, null, row.Default)
        {
            InitialDefault = row.InitialDefault,
            Order = row.Order,
            Children = own,
            Type = LakeType.FromCatalog(row.Type, own is [{ Type: { Element: null } element }] ? element.Catalog : null),
        };
    }

    private sealed record Row(
        long Table, long Id, string Name, string Type, bool NullsAllowed, long? Parent, string? InitialDefault, string? Default, long Order);
}
