using System.Globalization;
using System.Text;
using DuckDB.NET.Data;
using Finks.Contracts;
using Finks.Lake;
using Finks.Lake.Files;
using Finks.Pipelines.Gold;

namespace Finks.Pipelines.Reading;

/// <summary>What to read of a table.</summary>
public sealed record TableQuery
{
    /// <summary>Table name, with or without its schema: <c>daily_returns</c>, <c>silver.dividend</c>.</summary>
    public required string Table { get; init; }

    /// <summary>Values that columns must have, as text.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Key { get; init; } = [];

    /// <summary>The state to read; null for the present one.</summary>
    public PointInTime? AsOf { get; init; }

    /// <summary>Most rows to return; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>For Silver tables: every version of every key instead of the newest.</summary>
    public bool History { get; init; }
}

/// <summary>Reads tables of the lake at one snapshot. Dispose the result to let go of its connection.</summary>
public sealed class TableReader(Workspace workspace)
{
    /// <summary>Opens a query. Rows come in the table's sort order.</summary>
    /// <exception cref="UnknownNameException">There is no such table or column.</exception>
    /// <exception cref="LakeException">The lake has no such snapshot, or is younger than the time.</exception>
    public TableRows Open(TableQuery query)
    {
        var (table, snapshot) = Find(query.Table, query.AsOf);
        var connection = DuckDb.OpenInMemory();
        try
        {
            var command = connection.CreateCommand();
            command.CommandText = Sql(query, table, snapshot, command);
            return new TableRows(table, snapshot, connection, command, command.ExecuteReader());
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The rows of a Silver table that count: the newest version of each key that the source has not withdrawn.</summary>
    internal static string LatestVersions(Contract contract, string versions, DateTimeOffset? knownAt)
    {
        var key = string.Join(", ", contract.Key.Select(SqlText.Name));
        return $"select * from (select * from ({Versions(versions, knownAt)}) qualify row_number() over (partition by {key} order by known_from desc) = 1) where not removed";
    }

    private static string Versions(string versions, DateTimeOffset? knownAt) => knownAt is { } time
        ? string.Create(CultureInfo.InvariantCulture, $"select * from ({versions}) where known_from <= timestamptz '{time.UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff}+00'")
        : versions;

    private string Sql(TableQuery query, LakeTable table, Snapshot snapshot, DuckDBCommand command)
    {
        var rows = workspace.Lake.ReadSql(table, snapshot);
        var contract = workspace.Contracts.Contracts.FirstOrDefault(c => table.Schema == Cleansing.SilverColumns.Schema && c.Dataset == table.Name);
        if (contract is not null)
            rows = query.History ? Versions(rows, query.AsOf?.KnownAt) : LatestVersions(contract, rows, query.AsOf?.KnownAt);
        var sql = new StringBuilder($"select * from ({rows})");
        for (var i = 0; i < query.Key.Count; i++)
        {
            var (name, value) = query.Key[i];
            sql.Append(i == 0 ? " where " : " and ").Append(KeyCondition(Column(table, name), $"$key{i}"));
            command.Parameters.Add(new DuckDBParameter($"key{i}", value));
        }

        if (table.SortBy.Count > 0)
            sql.Append(" order by ").AppendJoin(", ", table.SortBy.Select(k => SqlText.Name(k.Column)));
        if (query.Limit is { } limit)
            sql.Append(CultureInfo.InvariantCulture, $" limit {limit}");
        return sql.ToString();
    }

    // The text becomes the column's type, so that 2024-01-02 finds a date and 5 finds 5.00.
    internal static string KeyCondition(LakeColumn column, string parameter) => $"{SqlText.Name(column.Name)} = try_cast({parameter} as {column.DuckDbType})";

    /// <summary>
    /// The table and the snapshot to read. A contract's table in Silver holds its own history, so the newest snapshot answers for every time by
    /// <c>known_from</c>; all others are read as they were committed then.
    /// </summary>
    internal (LakeTable Table, Snapshot Snapshot) Find(string name, PointInTime? asOf)
    {
        var now = workspace.Lake.CurrentSnapshot();
        if (asOf is null || (asOf.KnownAt is not null && Find(name, now).Schema == Cleansing.SilverColumns.Schema))
            return (Find(name, now), now);
        var then = asOf.SnapshotIn(workspace.Lake);
        return (Find(name, then), then);
    }

    private LakeTable Find(string name, Snapshot snapshot)
    {
        var tables = workspace.Lake.Tables(snapshot);
        var parts = name.Split('.', 2);
        var found = parts.Length == 2
            ? tables.Where(t => Same(t.Schema, parts[0]) && Same(t.Name, parts[1])).ToList()
            : tables.Where(t => Same(t.Name, name)).ToList();
        return found.Find(t => t.Schema == GoldPublisher.Schema) ?? found.FirstOrDefault()
            ?? throw new UnknownNameException("table", name, [.. tables.Select(t => $"{t.Schema}.{t.Name}")], Advice(name, tables));
    }

    private static string? Advice(string name, IReadOnlyList<LakeTable> tables)
    {
        if (tables.Count == 0)
            return "The lake is empty: run `finks run` or `finks demo` first.";
        return Same(name.Split('.')[^1], Cleansing.SilverColumns.Quarantine) ? "No row has broken its contract so far." : null;
    }

    internal static LakeColumn Column(LakeTable table, string name) =>
        table.Columns.FirstOrDefault(c => Same(c.Name, name)) ?? throw new UnknownNameException($"column of {table.Schema}.{table.Name}", name, [.. table.Columns.Select(c => c.Name)]);

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);

}

/// <summary>Rows being read.</summary>
public sealed class TableRows(LakeTable table, Snapshot snapshot, DuckDBConnection connection, DuckDBCommand command, DuckDBDataReader reader) : IDisposable
{
    public LakeTable Table => table;

    /// <summary>The snapshot that is read.</summary>
    public Snapshot Snapshot => snapshot;

    public DuckDBDataReader Reader => reader;

    public void Dispose()
    {
        reader.Dispose();
        command.Dispose();
        connection.Dispose();
    }
}
