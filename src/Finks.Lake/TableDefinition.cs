using Finks.Lake.Types;

namespace Finks.Lake;

/// <summary>What a table of the lake shall look like. Names are compared without regard to case, as DuckDB does.</summary>
/// <param name="SchemaPath">The schema's folder relative to the home, with a trailing slash: <c>dev-silver-zone/</c>.</param>
/// <param name="TablePath">The table's folder relative to the schema's, with a trailing slash: <c>daily_prices/</c>.</param>
/// <param name="PartitionByYearOf">The date or timestamp column whose year each file holds one value of; null for one file per
/// write.</param>
/// <param name="SortBy">The order of rows inside a file. Ties are broken by the other columns, so the bytes depend on the rows alone.
/// Without keys the select's own order is kept.</param>
public sealed record TableDefinition(
    string Schema,
    string Name,
    string SchemaPath,
    string TablePath,
    IReadOnlyList<TableColumn> Columns,
    string? PartitionByYearOf = null,
    IReadOnlyList<SortKey>? SortBy = null,
    string? Comment = null)
{
    /// <summary>Never null.</summary>
    public IReadOnlyList<SortKey> SortBy { get; init; } = SortBy ?? [];

    internal string FullName => $"{Schema}.{Name}";

    /// <summary>The columns with their types and field ids. Field ids count columns and list elements depth first from 1, as DuckLake does
    /// for a new table; columns added at the end continue the count, so the ids of a definition never depend on its history.</summary>
    internal IReadOnlyList<DefinedColumn> Define()
    {
        Check();
        var defined = new List<DefinedColumn>(Columns.Count);
        var next = 1L;
        foreach (var column in Columns)
        {
            var type = LakeType.Parse(column.DuckDbType, $"{FullName}.{column.Name}");
            defined.Add(new DefinedColumn(column, type, next, type.Element is null ? null : next + 1));
            next += type.Element is null ? 1 : 2;
        }

        return defined;
    }

    private void Check()
    {
        if (Columns.Count == 0)
            throw new LakeException($"The table {FullName} has no columns. DuckLake needs at least one.");
        foreach (var path in new[] { SchemaPath, TablePath })
        {
            if (!path.EndsWith('/') || path.StartsWith('/') || path.Contains("..", StringComparison.Ordinal) || path.Contains('\\'))
                throw new LakeException($"The path '{path}' of {FullName} must be relative, with forward slashes and one at its end.");
        }

        var twice = Columns.GroupBy(c => c.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
            throw new LakeException($"The table {FullName} has the column {twice.Key} twice. DuckDB does not tell upper from lower case.");
        foreach (var name in SortBy.Select(k => k.Column).Concat(PartitionByYearOf is null ? [] : [PartitionByYearOf]))
        {
            if (!Columns.Any(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
                throw new LakeException($"The table {FullName} is sorted or partitioned by {name}, which is not among its columns.");
        }

        if (PartitionByYearOf is { } year
            && LakeType.Parse(Columns.First(c => c.Name.Equals(year, StringComparison.OrdinalIgnoreCase)).DuckDbType, year)
                .Order != BoundOrder.Moment)
            throw new LakeException($"The table {FullName} is partitioned by the year of {year}, which is neither a date nor a timestamp.");
    }
}

/// <param name="DuckDbType">One of DuckDB's scalar types without HUGEINT, or a list of them: <c>DECIMAL(18,4)</c>,
/// <c>VARCHAR[]</c>.</param>
/// <param name="NullsAllowed">When false, a commit of files with NULLs in the column is refused.</param>
public sealed record TableColumn(string Name, string DuckDbType, bool NullsAllowed = true, string? Comment = null);

/// <summary>NULLs come last in either direction.</summary>
public sealed record SortKey(string Column, bool Descending = false);

internal sealed record DefinedColumn(TableColumn Column, LakeType Type, long Id, long? ElementId)
{
    /// <summary>The id and type that statistics are about: a list has them on its element.</summary>
    public (long Id, LakeType Type) Leaf => (ElementId ?? Id, Type.Element ?? Type);
}
