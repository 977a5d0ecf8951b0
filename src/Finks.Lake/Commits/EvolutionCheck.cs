namespace Finks.Lake.Commits;

/// <summary>Whether a table can become what a write says, and whether the files of the write are made for that.</summary>
internal static class EvolutionCheck
{
    /// <param name="table">Null when the write creates it.</param>
    /// <exception cref="LakeException">Rows that stay do not fit the definition, or a file breaks it.</exception>
    /// <exception cref="ConflictException">The files were written for columns that another process has changed since.</exception>
    public static void Verify(LakeTable? table, TableWrite write, IReadOnlyList<DefinedColumn> columns)
    {
        if (table is not null && write.Mode != WriteMode.ReplaceAll && Difference(table, write.Table, columns) is { } difference)
            Refuse(table, write, difference);
        foreach (var file in write.Files)
            VerifyFile(write.Table, columns, file);
    }

    public static void RefuseOtherFolder(LakeTable table, TableWrite write)
    {
        if (write.Mode != WriteMode.ReplaceAll)
            Refuse(table, write, $"its files lie below {table.Prefix}, the write has them below {LakePaths.PrefixOf(write.Table)}");
    }

    private static void Refuse(LakeTable table, TableWrite write, string difference) => throw new LakeException(
        $"{table.FullName} cannot take the files of a write with the mode {write.Mode}: {difference}. "
        + "Give the definition columns that the rows already there have, or rebuild the table with ReplaceAll.");

    private static string? Difference(LakeTable table, TableDefinition definition, IReadOnlyList<DefinedColumn> columns)
    {
        foreach (var column in columns)
        {
            var name = column.Column.Name;
            if (column.Former is { NullsAllowed: true } && !column.Column.NullsAllowed)
                return $"its column {name} allows NULLs, the write's does not";
            if (column.Former is not null)
                continue;
            if (table.Columns.FirstOrDefault(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } other)
                return $"its column {name} is {other.DuckDbType}, the write has {column.Type.DuckDb}, which does not hold all its values";
            if (!column.Column.NullsAllowed && column.Column.Default is null)
                return $"the new column {name} allows no NULLs and has no default, but the rows already there have none of its values";
        }

        var lost = table.Columns.Select(c => c.Name).FirstOrDefault(name =>
            !columns.Any(c => name.Equals(c.Former?.Name, StringComparison.OrdinalIgnoreCase))
            && !definition.DroppedColumns.Contains(name, StringComparer.OrdinalIgnoreCase));
        return lost is null ? null : $"it has the column {lost}, which the write neither has nor renames nor names in DroppedColumns";
    }

    private static void VerifyFile(TableDefinition table, IReadOnlyList<DefinedColumn> columns, WrittenFile file)
    {
        if (!file.Columns.Select(c => c.Column).SequenceEqual(columns.Select(c => c.Column.Name), StringComparer.OrdinalIgnoreCase))
            throw new LakeException(
                $"{file.Path} was written with other columns than {table.FullName} has in this commit. Write it with the same definition.");
        if (!file.Columns.Select(c => c.FieldId).SequenceEqual(columns.Select(c => c.Leaf.Id)))
            throw new ConflictException(
                $"The columns of {table.FullName} were changed by another process after {file.Path} was written, so nothing was committed. Write it again.");
        foreach (var (column, statistics) in columns.Zip(file.Columns))
        {
            if (!column.Column.NullsAllowed && column.ElementId is null && statistics.Nulls > 0)
                throw new LakeException(
                    $"{file.Path} has {statistics.Nulls} NULLs in {column.Column.Name}, which allows none. "
                    + "Quarantine these rows or fill them before the write.");
        }
    }
}
