using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace Finks.Lake.Storage;

/// <summary>A catalog in a SQLite file.</summary>
internal sealed partial class SqliteDialect(string file, bool isReadOnly = false) : CatalogDialect
{
    private const int Busy = 5;

    private readonly string _connectionString = new SqliteConnectionStringBuilder
    {
        DataSource = file,
        Pooling = true,
        Mode = isReadOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWriteCreate,
        DefaultTimeout = (int)LockTimeout.TotalSeconds,
    }.ToString();

    public override string TableCount => "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = @name";

    /// <summary>A lake has its file for itself.</summary>
    public override string TablesInTheWay => "SELECT count(*) FROM sqlite_master WHERE type = 'table'";

    public override string TableNames => "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid";

    public static DateTimeOffset Time(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    /// <summary>WAL so that readers never block a commit; FULL so that a commit survives a loss of power.</summary>
    public override DbConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        using var pragmas = connection.CreateCommand();
        pragmas.CommandText = $"PRAGMA busy_timeout = {(int)LockTimeout.TotalMilliseconds};"
            + (isReadOnly ? "" : "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
        pragmas.ExecuteNonQuery();
        return connection;
    }

    public override DbTransaction BeginRead(DbConnection connection) => ((SqliteConnection)connection).BeginTransaction(deferred: true);

    public override DbTransaction BeginWrite(DbConnection connection) => ((SqliteConnection)connection).BeginTransaction(deferred: false);

    public override void CreateTables(Func<DbConnection, DbTransaction, LedgerTransaction> begin, Action<LedgerTransaction> create)
    {
        var connection = Open();
        using var transaction = begin(connection, BeginWrite(connection));
        create(transaction);
        transaction.Commit();
    }

    /// <summary>Times and UUIDs are text in DuckLake's SQLite form, booleans 0 or 1.</summary>
    public override string Ddl(string sql) =>
        OtherTypes().Replace(sql, type => type.Value is "BOOLEAN" ? "BIGINT" : "VARCHAR");

    /// <summary>The form that DuckLake reads back: times in UTC to the microsecond, UUIDs in lower case, booleans as 0 and 1.</summary>
    public override object Value(object? value) => value switch
    {
        null => DBNull.Value,
        bool flag => flag ? 1L : 0L,
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture) + "+00",
        Guid id => id.ToString("D", CultureInfo.InvariantCulture),
        _ => value,
    };

    public override bool IsLockTimeout(DbException error) => error is SqliteException { SqliteErrorCode: Busy };

    /// <summary>A row at a time: there are no round trips to save, and the time to bind a parameter grows with their number.</summary>
    public override int ParametersPerInsert => 1;

    public override (string Target, string? Option) Attach() => ("sqlite:" + file, null);

    public override void Release()
    {
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
    }

    [GeneratedRegex(@"\b(TIMESTAMPTZ|UUID|BOOLEAN)\b")]
    private static partial Regex OtherTypes();
}
