using System.Data.Common;
using Finks.Lake.Storage;

namespace Finks.Lake;

/// <summary>
/// One consistent state of the catalog's database. Parameters are written <c>@name</c> in the SQL, which must be such as SQLite and PostgreSQL
/// both understand, and given without the sign. Not for use by several threads.
/// </summary>
public class LedgerReader : IDisposable
{
    private readonly Dictionary<string, DbCommand> _commands = [];
    private readonly DbConnection _connection;
    private readonly DbTransaction _transaction;
    private readonly CatalogDialect _dialect;
    private readonly Action<string>? _reached;

    internal LedgerReader(CatalogDialect dialect, DbConnection connection, DbTransaction transaction, Action<string>? reached) =>
        (_dialect, _connection, _transaction, _reached) = (dialect, connection, transaction, reached);

    public IReadOnlyList<T> Query<T>(string sql, Func<DbDataReader, T> row, params (string Name, object? Value)[] parameters) =>
        [.. Stream(sql, row, parameters)];

    /// <summary>The first row; <c>default</c> when there is none.</summary>
    public T? First<T>(string sql, Func<DbDataReader, T> row, params (string Name, object? Value)[] parameters) =>
        Stream(sql, row, parameters).FirstOrDefault();

    /// <summary>The first column of the first row; <c>default</c> when there is no row or it is NULL.</summary>
    public T? Scalar<T>(string sql, params (string Name, object? Value)[] parameters) =>
        First(sql, row => row.IsDBNull(0) ? default : row.GetFieldValue<T>(0), parameters);

    /// <summary>Whether the database has this table.</summary>
    internal bool HasTable(string name) => Scalar<long>(_dialect.TableCount, ("name", name)) > 0;

    /// <summary>Whether the database has what a new catalog must not be put beside.</summary>
    internal bool IsOccupied() => Scalar<long>(_dialect.TablesInTheWay) > 0;

    /// <summary>The catalog's tables and Finks's own, each after those it refers to.</summary>
    internal IReadOnlyList<string> TableNames() => [.. Query(_dialect.TableNames, row => row.GetString(0))
        .Where(name => name.StartsWith("ducklake_", StringComparison.Ordinal) || name.StartsWith("finks_", StringComparison.Ordinal))];

    /// <summary>The columns of a table in order, with the types that the database has them in.</summary>
    internal IReadOnlyList<(string Name, string Type)> Columns(string table)
    {
        using var reader = Prepare($"SELECT * FROM {table} WHERE 1 = 0", []).ExecuteReader();
        return [.. Enumerable.Range(0, reader.FieldCount).Select(i => (reader.GetName(i), reader.GetDataTypeName(i).ToLowerInvariant()))];
    }

    /// <summary>Reads row by row, for readers that stop early.</summary>
    internal IEnumerable<T> Stream<T>(string sql, Func<DbDataReader, T> row, params (string Name, object? Value)[] parameters)
    {
        using var reader = Prepare(sql, parameters).ExecuteReader();
        while (reader.Read())
            yield return row(reader);
    }

    /// <summary>Takes back what was not committed.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>How many parameters one statement that inserts several rows should have.</summary>
    private protected int ParametersPerInsert => _dialect.ParametersPerInsert;

    internal void Commit() => _transaction.Commit();

    protected virtual void Dispose(bool disposing)
    {
        foreach (var command in _commands.Values)
            command.Dispose();
        _transaction.Dispose();
        _connection.Dispose();
    }

    /// <summary>Statements are prepared once per transaction: a commit inserts the same kinds of rows hundreds of times.</summary>
    private protected DbCommand Prepare(string sql, (string Name, object? Value)[] parameters)
    {
        _reached?.Invoke(KillPoint.Statement);
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = _dialect.Translate(sql);
            command.Transaction = _transaction;
            foreach (var (name, _) in parameters)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = "@" + name;
                command.Parameters.Add(parameter);
            }

            _commands.Add(sql, command);
        }

        for (var i = 0; i < parameters.Length; i++)
        {
            // Mostly in the order of the first time; by name it is a search through all.
            var (name, value) = parameters[i];
            var parameter = command.Parameters[i];
            if (!parameter.ParameterName.AsSpan(1).SequenceEqual(name))
                parameter = command.Parameters["@" + name];
            parameter.Value = _dialect.Value(value);
        }

        return command;
    }
}

/// <summary>Values of rows whose form differs between the databases, or that may be NULL.</summary>
public static class LedgerRow
{
    public static string? Text(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static long? Number(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    /// <summary>SQLite has booleans as 0 and 1.</summary>
    public static bool? Flag(this DbDataReader row, int column) => row.GetValue(column) switch
    {
        DBNull => null,
        bool flag => flag,
        var number => Convert.ToInt64(number, System.Globalization.CultureInfo.InvariantCulture) != 0,
    };

    /// <summary>SQLite has times as text; UTC.</summary>
    internal static DateTimeOffset Instant(this DbDataReader row, int column) => row.GetValue(column) switch
    {
        DateTime time => new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)),
        var text => SqliteDialect.Time((string)text),
    };
}
