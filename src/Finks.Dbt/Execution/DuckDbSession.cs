using System.Globalization;
using DuckDB.NET.Data;

namespace Finks.Dbt.Execution;

/// <summary>One connection, used by one node at a time. Cancellation interrupts the running statement.</summary>
internal sealed class DuckDbSession(DuckDBConnection connection, bool owned, CancellationToken cancellation) : IDisposable
{
    public void Execute(string sql)
    {
        using var command = Command(sql);
        using var interrupt = cancellation.Register(command.Cancel);
        command.ExecuteNonQuery();
    }

    public long Count(string sql) => Convert.ToInt64(Query(sql, 1).Rows[0][0], CultureInfo.InvariantCulture);

    public (IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows) Query(string sql, int limit)
    {
        using var command = Command(sql);
        using var interrupt = cancellation.Register(command.Cancel);
        using var reader = command.ExecuteReader();
        var columns = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToList();
        var rows = new List<IReadOnlyList<object?>>();
        while (rows.Count < limit && reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]);
        return (columns, rows);
    }

    /// <summary>Runs the steps in one transaction: all of them or none.</summary>
    public T InTransaction<T>(Func<T> steps)
    {
        Execute("BEGIN");
        try
        {
            var result = steps();
            Execute("COMMIT");
            return result;
        }
        catch
        {
            Rollback();
            throw;
        }
    }

    public void Dispose()
    {
        if (owned)
            connection.Dispose();
    }

    private DuckDBCommand Command(string sql)
    {
        cancellation.ThrowIfCancellationRequested();
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }

    private void Rollback()
    {
        // The first failure is the one to report; it may have ended the transaction already, and cancellation must not stop the rollback.
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = "ROLLBACK";
            command.ExecuteNonQuery();
        }
        catch (DuckDBException)
        {
        }
    }
}
