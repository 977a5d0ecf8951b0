using Finks.Lake.Types;

namespace Finks.Lake.Commits;

/// <summary>Brings the rows of <c>ducklake_column</c> to a definition. A change ends a column's row and adds another with the same id, so that older
/// snapshots keep the former one.</summary>
internal static class ColumnEvolution
{
    /// <summary>Whether anything changed.</summary>
    public static bool Apply(CommitTransaction commit, LakeTable table, IReadOnlyList<DefinedColumn> columns)
    {
        var dropped = table.Columns.Where(old => columns.All(c => c.Former?.Id != old.Id)).ToList();
        foreach (var column in dropped)
            Drop(commit, table.Id, column);
        var ordered = IsOrdered(columns);
        var changed = false;
        foreach (var (place, column) in columns.Index())
        {
            var order = ordered && column.Former is not null ? column.Former.Order : ordered ? column.Id : place + 1;
            if (column.Former is null)
                Add(commit, table.Id, column, order);
            else if (!IsSame(column, order))
                Change(commit, table.Id, column, order);
            else
                continue;
            changed = true;
        }

        return changed || dropped.Count > 0;
    }

    public static void Add(CommitTransaction commit, long table, DefinedColumn column, long order)
    {
        Insert(commit, table, Row(column, order) with { InitialDefault = column.Column.Default });
        if (column.ElementId is { } element)
            Insert(commit, table, Element(column, element));
    }

    private static bool IsSame(DefinedColumn column, long order)
    {
        var old = column.Former!;
        return old.Name.Equals(column.Column.Name, StringComparison.OrdinalIgnoreCase) && old.Type == column.Type
            && old.NullsAllowed == column.Column.NullsAllowed && old.Order == order
            && (column.Column.Default is null || column.Column.Default == old.Default);
    }

    private static void Change(CommitTransaction commit, long table, DefinedColumn column, long order)
    {
        var old = column.Former!;
        End(commit, table, column.Id);
        var row = Row(column, order);
        Insert(commit, table, row with { InitialDefault = old.InitialDefault, Default = row.Default ?? old.Default });
        if (old.Type != column.Type)
            TableStatistics.ForgetRetyped(commit.Database, table);
    }

    private static void Drop(CommitTransaction commit, long table, LakeColumn column)
    {
        foreach (var child in column.Children)
            Drop(commit, table, child);
        End(commit, table, column.Id);
        commit.Database.Execute(
            "UPDATE ducklake_column_tag SET end_snapshot = @snapshot WHERE table_id = @table AND column_id = @column AND end_snapshot IS NULL",
            ("snapshot", commit.Id), ("table", table), ("column", column.Id));
    }

    /// <summary>Whether the columns that stay are in the table's order, with all new ones behind them. Then none needs another place.</summary>
    private static bool IsOrdered(IReadOnlyList<DefinedColumn> columns)
    {
        var places = columns.Select(c => c.Former?.Order ?? c.Id).ToList();
        return places.Zip(places.Skip(1)).All(p => p.First < p.Second);
    }

    private static void End(CommitTransaction commit, long table, long column) => commit.Database.Execute(
        "UPDATE ducklake_column SET end_snapshot = @snapshot WHERE table_id = @table AND column_id = @column AND end_snapshot IS NULL",
        ("snapshot", commit.Id), ("table", table), ("column", column));

    private static ColumnRow Row(DefinedColumn column, long order) =>
        new(column.Id, order, column.Column.Name, column.Type, column.Column.NullsAllowed, null, null, column.Column.Default);

    private static ColumnRow Element(DefinedColumn column, long id) => new(id, id, "element", column.Type.Element!, true, column.Id, null, null);

    private static void Insert(CommitTransaction commit, long table, ColumnRow row) => commit.Database.Insert(
        "ducklake_column",
        ("column_id", row.Id), ("begin_snapshot", commit.Id), ("table_id", table), ("column_order", row.Order), ("column_name", row.Name),
        ("column_type", row.Type.Catalog), ("initial_default", row.InitialDefault), ("default_value", row.Default ?? "NULL"),
        ("nulls_allowed", row.NullsAllowed), ("parent_column", row.Parent), ("default_value_type", "literal"), ("default_value_dialect", "duckdb"));

    private sealed record ColumnRow(
        long Id, long Order, string Name, LakeType Type, bool NullsAllowed, long? Parent, string? InitialDefault, string? Default);
}
