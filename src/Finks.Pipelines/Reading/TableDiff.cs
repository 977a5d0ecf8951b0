using DuckDB.NET.Data;
using Finks.Cleansing;
using Finks.Contracts;
using Finks.Lake;
using Finks.Lake.Files;

namespace Finks.Pipelines.Reading;

/// <summary>Rows that differ between two times, and how many there are of each kind.</summary>
/// <param name="Added">Rows that only the later time has.</param>
/// <param name="Removed">Rows that only the earlier time has.</param>
/// <param name="Changed">Rows of one key with other values.</param>
public sealed record DiffCounts(long Added, long Removed, long Changed);

/// <summary>
/// Compares a table with itself at an earlier time, row by row: what has come, gone and been restated. Rows are told by the contract's key in
/// Silver and by the sort columns elsewhere. When a row was learnt and from which reply does not count as a difference.
/// </summary>
public sealed class TableDiff(Workspace workspace)
{
    private const string Compared = "compared";

    /// <summary>Counts the differences and opens a reader over them in key order: kind of change, key, and for a changed row what was and what is.</summary>
    /// <param name="limit">Most rows to read; null for all.</param>
    /// <exception cref="UnknownNameException">There is no such table, or nothing tells its rows apart.</exception>
    /// <exception cref="LakeException">The lake has no such snapshot, or is younger than <paramref name="from"/>.</exception>
    public (DiffCounts Counts, TableRows Rows) Open(string name, PointInTime from, PointInTime? to, int? limit)
    {
        var (table, later) = new TableReader(workspace).Find(name, to);
        var contract = workspace.Contracts.Contracts.FirstOrDefault(c => table.Schema == SilverColumns.Schema && c.Dataset == table.Name);
        var key = contract?.Key ?? [.. table.SortBy.Select(s => s.Column)];
        if (key.Count == 0)
            throw new UnknownNameException("key", $"of {table.Schema}.{table.Name}", [], "Its rows cannot be told apart: say `meta: sorted_by` in the model's properties.");

        var connection = DuckDb.OpenInMemory();
        try
        {
            connection.Execute($"create temp table {Compared} as {Sql(table, contract, key, Rows(contract, table, from, later), Rows(contract, table, to, later))}");
            var command = connection.CreateCommand();
            command.CommandText = $"select * from {Compared} order by {string.Join(", ", key.Select(SqlText.Name))}{(limit is { } most ? $" limit {most}" : "")}";
            return (Count(connection), new TableRows(table, later, connection, command, command.ExecuteReader()));
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // By time, Silver answers from its own history; of other tables, and by snapshot, what was committed then is read.
    private string Rows(Contract? contract, LakeTable table, PointInTime? at, Snapshot later)
    {
        var then = at is null || (contract is not null && at.KnownAt is not null) ? later : at.SnapshotIn(workspace.Lake);
        // A table that did not exist yet had no rows.
        var rows = workspace.Lake.FindTable(table.Schema, table.Name, then) is { } former
            ? $"select {string.Join(", ", table.Columns.Select(c => $"{Former(former, table, c)} as {SqlText.Name(c.Name)}"))} from ({workspace.Lake.ReadSql(former, then)})"
            : $"select * from ({workspace.Lake.ReadSql(table, later)}) where false";
        return contract is null ? rows : TableReader.LatestVersions(contract, rows, at?.KnownAt);
    }

    // Columns come, go, and get other names and types between two states; what is compared are those of the later one.
    private static string Former(LakeTable former, LakeTable table, LakeColumn column) =>
        (former.Columns.FirstOrDefault(f => former.Id == table.Id && f.Id == column.Id) ?? former.Columns.FirstOrDefault(f => f.Name.Equals(column.Name, StringComparison.OrdinalIgnoreCase)))
            is { } found ? SqlText.Name(found.Name) : $"null::{column.DuckDbType}";

    private static string Sql(LakeTable table, Contract? contract, IReadOnlyList<string> key, string earlier, string later)
    {
        var added = SilverColumns.Added.Select(c => c.Name).ToHashSet();
        var values = table.Columns.Where(c => !key.Contains(c.Name) && (contract is null || !added.Contains(c.Name)));
        var changes = values.Select(c => (c.DuckDbType, Label: SqlText.Literal(c.Name + ": "), Name: SqlText.Name(c.Name))).Select(c =>
            $"case when try_cast(e.{c.Name} as {c.DuckDbType}) is distinct from l.{c.Name} then {c.Label} || coalesce(e.{c.Name}::varchar, 'null') || ' → ' || coalesce(l.{c.Name}::varchar, 'null') end");
        return $"""
            select
                case when e.is_there is null then 'added' when l.is_there is null then 'removed' else 'changed' end as change,
                {string.Join(", ", key.Select(k => $"coalesce(l.{SqlText.Name(k)}, e.{SqlText.Name(k)}) as {SqlText.Name(k)}"))},
                case when e.is_there and l.is_there then concat_ws(', ', {string.Join(", ", changes.DefaultIfEmpty("null"))}) end as was_and_is
            from (select *, true as is_there from ({earlier})) e
            full outer join (select *, true as is_there from ({later})) l on {string.Join(" and ", key.Select(k => $"e.{SqlText.Name(k)} is not distinct from l.{SqlText.Name(k)}"))}
            where e.is_there is null or l.is_there is null or was_and_is <> ''
            """;
    }

    private static DiffCounts Count(DuckDBConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"select count(*) filter (change = 'added'), count(*) filter (change = 'removed'), count(*) filter (change = 'changed') from {Compared}";
        using var reader = command.ExecuteReader();
        reader.Read();
        return new DiffCounts(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
    }
}
