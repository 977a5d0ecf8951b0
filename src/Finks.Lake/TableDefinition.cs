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

    /// <summary>Within the schema, the name that the table had and loses to <see cref="Name"/> when it still has it. Its files stay where they are, so
    /// <see cref="TablePath"/> must be the former table's. Null for none.</summary>
    public string? RenamedFrom { get; init; }

    /// <summary>Columns that the table may still have and that go. A column that the definition merely lacks is an error, unless
    /// <see cref="WriteMode.ReplaceAll"/> gives the table new rows anyway.</summary>
    public IReadOnlyCollection<string> DroppedColumns { get; init; } = [];

    internal string FullName => $"{Schema}.{Name}";

    internal TableName TableName => new(Schema, Name);

    /// <exception cref="LakeException">It contradicts itself.</exception>
    internal void Check()
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
        foreach (var name in Columns.Select(c => c.Name).Intersect(DroppedColumns, StringComparer.OrdinalIgnoreCase))
            throw new LakeException($"The table {FullName} both has and drops the column {name}. Take it out of one of the lists.");
        foreach (var column in Columns.Where(c => c.Default is not null && LakeType.Parse(c.DuckDbType, $"{FullName}.{c.Name}").Element is not null))
            throw new LakeException($"The list {FullName}.{column.Name} cannot have a default. Leave it NULL in older rows.");
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
/// <param name="Default">What rows from before the column was added have, and what other writers put in when they say nothing, in DuckDB's text form:
/// <c>USD</c>, <c>0.5</c>, <c>2024-01-31</c>. It cannot be changed for rows that are there. Null for NULL.</param>
/// <param name="RenamedFrom">The name that the column had; where the table still has it, the column is renamed. Never guessed. Null for
/// none.</param>
public sealed record TableColumn(
    string Name, string DuckDbType, bool NullsAllowed = true, string? Comment = null, string? Default = null, string? RenamedFrom = null);

/// <summary>NULLs come last in either direction.</summary>
public sealed record SortKey(string Column, bool Descending = false);
