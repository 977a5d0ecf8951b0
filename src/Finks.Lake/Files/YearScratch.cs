using System.Globalization;
using System.Runtime.ExceptionServices;
using DuckDB.NET.Data;

namespace Finks.Lake.Files;

/// <summary>The rows of a partitioned write, sorted by year in a database of their own, so that several connections can copy years side by
/// side. A temporary table would be seen by one connection only.</summary>
internal sealed class YearScratch : IDisposable
{
    /// <summary>Copying a year is one thread's work in DuckDB, and the encoding is most of it; more connections than this only compete for
    /// the disk.</summary>
    private const int MaxWorkers = 8;

    /// <summary>DuckDB's default number of rows in a row group of Parquet.</summary>
    private const int RowGroup = 122_880;

    private readonly DuckDBConnection _connection;
    private readonly string _database;

    private YearScratch(DuckDBConnection connection, string database)
    {
        _connection = connection;
        _database = database;
    }

    public IReadOnlyList<Year> Years { get; private set; } = [];

    public static YearScratch Fill(
        DuckDBConnection connection, TableDefinition table, IReadOnlyList<DefinedColumn> columns, string select, string order, IdSource ids)
    {
        var scratch = new YearScratch(connection, $"finks_scratch_{ids.Next():N}");
        var year = $"year({SqlText.Name(table.PartitionByYearOf!)})";
        var yearColumn = YearColumn(columns);
        try
        {
            connection.Execute($"ATTACH ':memory:' AS {scratch._database}");
            connection.Execute($"CREATE TABLE {scratch._database}.rows AS SELECT *, {year} AS {yearColumn} FROM ({select}){SortByYear(order, yearColumn)}");
            scratch.Years = scratch.Count(yearColumn);
            return scratch;
        }
        catch
        {
            scratch.Dispose();
            throw;
        }
    }

    /// <summary>A year of several row groups is sorted by what it is sorted by already: without that DuckDB cuts the groups at other rows
    /// with another number of threads.</summary>
    public string Select(Year year, string names)
    {
        var order = year.Rows > RowGroup ? " ORDER BY rowid" : "";
        var condition = year.Number is null ? "IS NULL" : $"= {year.Value}";
        return $"SELECT {names} FROM {_database}.rows WHERE {year.Column} {condition}{order}";
    }

    /// <summary>Runs the work for 0 to <paramref name="count"/> - 1 on as many connections as DuckDB has threads.</summary>
    public void ForEach(int count, Action<DuckDBConnection, int> work)
    {
        var workers = Math.Min(Math.Min(Threads(), MaxWorkers), count);
        var next = -1;
        try
        {
            Parallel.For(0, workers, (worker, loop) =>
            {
                using var own = worker == 0 ? null : Another();
                for (var i = Interlocked.Increment(ref next); i < count && !loop.IsExceptional; i = Interlocked.Increment(ref next))
                    work(own ?? _connection, i);
            });
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    public void Dispose() => _connection.Execute($"DETACH DATABASE IF EXISTS {_database}");

    private static string SortByYear(string order, string yearColumn) =>
        order.Length == 0 ? "" : order.Replace(" ORDER BY ", $" ORDER BY {yearColumn} NULLS LAST, ", StringComparison.Ordinal);

    /// <summary>A name that is none of the table's.</summary>
    private static string YearColumn(IReadOnlyList<DefinedColumn> columns)
    {
        var name = "partition_year";
        while (columns.Any(c => c.Column.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            name += "_";
        return name;
    }

    private List<Year> Count(string yearColumn)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = $"SELECT {yearColumn}, count(*) FROM {_database}.rows GROUP BY ALL ORDER BY ALL NULLS LAST";
        using var reader = command.ExecuteReader();
        var years = new List<Year>();
        while (reader.Read())
            years.Add(new Year(reader.IsDBNull(0) ? null : reader.GetInt64(0), reader.GetInt64(1), yearColumn));
        return years;
    }

    private int Threads()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT current_setting('threads')::INTEGER";
        return (int)command.ExecuteScalar()!;
    }

    /// <summary>A second connection to the same database instance.</summary>
    private DuckDBConnection Another()
    {
        var inMemory = _connection.DataSource.Contains(":memory:", StringComparison.OrdinalIgnoreCase);
        var other = inMemory ? _connection.Duplicate() : new DuckDBConnection(_connection.ConnectionString);
        other.Open();
        other.Execute("SET TimeZone = 'UTC'; SET preserve_insertion_order = true");
        return other;
    }

}

/// <param name="Number">Null for rows without a date.</param>
internal sealed record Year(long? Number, long Rows, string Column)
{
    public string? Value => Number?.ToString(CultureInfo.InvariantCulture);
}
