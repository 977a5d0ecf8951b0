using Finks.Lake.Storage;
using Microsoft.Data.Sqlite;

namespace Finks.Lake;

/// <summary>
/// One write transaction on the catalog's database. Parameters are written <c>$name</c> in the SQL and given without the sign. Times are
/// stored as UTC text to the microsecond, <see cref="Guid"/> as lower-case text, booleans as 0 and 1. Not for use by several threads.
/// </summary>
public sealed class LedgerTransaction : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _commands = [];
    private readonly SqliteTransaction _transaction;

    internal LedgerTransaction(SqliteConnection connection)
    {
        Connection = connection;
        _transaction = connection.BeginTransaction(deferred: false);
    }

    /// <summary>The snapshot that this transaction commits; null outside <see cref="DataLake.Commit"/>.</summary>
    public long? SnapshotId { get; internal set; }

    /// <summary>The time of that snapshot.</summary>
    public DateTimeOffset? SnapshotTime { get; internal set; }

    internal SqliteConnection Connection { get; }

    /// <summary>The number of rows changed.</summary>
    public int Execute(string sql, params (string Name, object? Value)[] parameters) => Prepare(sql, parameters).ExecuteNonQuery();

    public IReadOnlyList<T> Query<T>(string sql, Func<SqliteDataReader, T> row, params (string Name, object? Value)[] parameters)
    {
        using var reader = Prepare(sql, parameters).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(row(reader));
        return rows;
    }

    /// <summary>The first column of the first row; <c>default</c> when there is no row or it is NULL.</summary>
    public T? Scalar<T>(string sql, params (string Name, object? Value)[] parameters) =>
        Query(sql, row => row.IsDBNull(0) ? default : row.GetFieldValue<T>(0), parameters).FirstOrDefault();

    /// <summary>Takes back what was not committed.</summary>
    public void Dispose()
    {
        foreach (var command in _commands.Values)
            command.Dispose();
        _transaction.Dispose();
    }

    internal void Commit() => _transaction.Commit();

    internal void Insert(string table, params (string Name, object? Value)[] values) => Execute(
        $"INSERT INTO {table} ({string.Join(", ", values.Select(v => v.Name))}) VALUES ({string.Join(", ", values.Select(v => "$" + v.Name))})", values);

    /// <summary>Statements are prepared once per transaction: a commit inserts the same kinds of rows hundreds of times.</summary>
    private SqliteCommand Prepare(string sql, (string Name, object? Value)[] parameters)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = Connection.CreateCommand();
            command.CommandText = sql;
            foreach (var (name, _) in parameters)
                command.Parameters.Add(new SqliteParameter { ParameterName = "$" + name });
            _commands.Add(sql, command);
        }

        foreach (var (name, value) in parameters)
            command.Parameters["$" + name].Value = SqliteDialect.Value(value);
        return command;
    }
}
