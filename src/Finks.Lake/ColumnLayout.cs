using Finks.Lake.Types;

namespace Finks.Lake;

/// <summary>
/// Gives the columns of a definition their field ids, by which readers find them in files. A column keeps its id as long as the table knows it, whatever
/// its name, place and type become. A new one gets the next id that the table never had, counted depth first, as DuckLake does it.
/// </summary>
internal static class ColumnLayout
{
    /// <param name="table">The table as it is; null when it is yet to be made.</param>
    public static IReadOnlyList<DefinedColumn> Of(TableDefinition definition, LakeTable? table)
    {
        definition.Check();
        var next = table?.NextColumnId ?? 1;
        var defined = new List<DefinedColumn>(definition.Columns.Count);
        foreach (var column in definition.Columns)
        {
            var type = LakeType.Parse(column.DuckDbType, $"{definition.FullName}.{column.Name}");
            if (Former(definition, column, table) is { } former && former.Type is { } old && Widening.Holds(old, type))
            {
                defined.Add(new DefinedColumn(column, type, former.Id, former.ElementId) { Former = former });
                continue;
            }

            defined.Add(new DefinedColumn(column, type, next, type.Element is null ? null : next + 1));
            next += type.Element is null ? 1 : 2;
        }

        return defined;
    }

    /// <summary>By its name, else by the name it had. A name that the definition gives to another column is not looked for.</summary>
    private static LakeColumn? Former(TableDefinition definition, TableColumn column, LakeTable? table)
    {
        LakeColumn? Named(string name) => table?.Columns.FirstOrDefault(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (Named(column.Name) is { } same)
            return same;
        return column.RenamedFrom is { } former && !definition.Columns.Any(c => c.Name.Equals(former, StringComparison.OrdinalIgnoreCase)) ? Named(former) : null;
    }
}

/// <param name="Id">The field id.</param>
/// <param name="ElementId">The field id of a list's element.</param>
internal sealed record DefinedColumn(TableColumn Column, LakeType Type, long Id, long? ElementId)
{
    /// <summary>The table's column that this one is or becomes; null for a new one.</summary>
    public LakeColumn? Former { get; init; }

    /// <summary>The id and type that statistics are about: a list has them on its element.</summary>
    public (long Id, LakeType Type) Leaf => (ElementId ?? Id, Type.Element ?? Type);
}
