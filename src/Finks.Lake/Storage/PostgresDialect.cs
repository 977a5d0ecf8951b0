using System.Data;
using System.Data.Common;
using Npgsql;

namespace Finks.Lake.Storage;

/// <summary>A catalog in a PostgreSQL database.</summary>
internal sealed class PostgresDialect : CatalogDialect
{
    /// <summary>Any number will do that other programs on the database do not lock: "Finks" in ASCII.</summary>
    private const long CreationLock = 0x46696E6B73;

    private readonly CatalogLocation.Postgres _location;
    private readonly NpgsqlConnectionStringBuilder _settings;
    private readonly NpgsqlDataSource _source;

    public PostgresDialect(CatalogLocation.Postgres location)
    {
        _location = location;
        _settings = new NpgsqlConnectionStringBuilder(location.ConnectionString) { ApplicationName = "finks", Enlist = false, MaxAutoPrepare = 100 };
        _source = NpgsqlDataSource.Create(_settings);
    }

    public override string TableCount =>
        "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = @name";

    public override string TablesInTheWay =>
        "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name LIKE 'ducklake%'";

    public override string TableNames =>
        "SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' ORDER BY c.oid";

    public override DbConnection Open()
    {
        try
        {
            return _source.OpenConnection();
        }
        catch (NpgsqlException error)
        {
            throw new LakeException($"The catalog, {_location}, cannot be reached: {error.Message}. Start it, or mend the connection string.", error);
        }
    }

    public override DbTransaction BeginRead(DbConnection connection) => connection.BeginTransaction(IsolationLevel.RepeatableRead);

    /// <summary>The table lock lets one writer in at a time, DuckLake's own writers too: each of their commits inserts into this table. It comes
    /// first, so that everything is read after the writer before has ended. Readers are not held up.</summary>
    public override DbTransaction BeginWrite(DbConnection connection) =>
        Begin(connection, "LOCK TABLE ducklake_snapshot IN SHARE ROW EXCLUSIVE MODE");

    public override DbTransaction BeginBeside(DbConnection connection) => connection.BeginTransaction(IsolationLevel.ReadCommitted);

    public override void CreateTables(Func<DbConnection, DbTransaction, LedgerTransaction> begin, Action<LedgerTransaction> create)
    {
        var connection = Open();
        var schema = _settings.SearchPath is { Length: > 0 } path ? $"; CREATE SCHEMA IF NOT EXISTS \"{path.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : "";
        using var transaction = begin(connection, Begin(connection, $"SELECT pg_advisory_xact_lock({CreationLock}){schema}"));
        create(transaction);
        transaction.Commit();
    }

    public override object Value(object? value) => value switch
    {
        null => DBNull.Value,
        DateTimeOffset time => time.UtcDateTime,
        _ => value,
    };

    public override bool IsLockTimeout(DbException error) => error.SqlState == PostgresErrorCodes.LockNotAvailable;

    /// <summary>A deadlock with another DuckLake writer, which fills its rows in before it asks for this lock.</summary>
    public override bool IsConflict(DbException error) => error.SqlState is PostgresErrorCodes.DeadlockDetected;

    public override bool IsDisconnected(DbException error) => error is PostgresException known
        ? known.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            || known.SqlState.StartsWith("08", StringComparison.Ordinal)
        : error is NpgsqlException;

    public override void ForgetIdle() => _source.Clear();

    public override int ParametersPerInsert => 4500;

    public override (string Target, string? Option) Attach() => (
        $"postgres:dbname={_settings.Database} host={_settings.Host} port={_settings.Port} user={_settings.Username}",
        _settings.SearchPath is { Length: > 0 } schema ? $"METADATA_SCHEMA '{schema}'" : null);

    public override void Release() => _source.Dispose();

    private static NpgsqlTransaction Begin(DbConnection connection, string first)
    {
        var transaction = ((NpgsqlConnection)connection).BeginTransaction(IsolationLevel.ReadCommitted);
        try
        {
            using var command = new NpgsqlCommand(
                $"SET LOCAL lock_timeout = {(int)LockTimeout.TotalMilliseconds}; {first}", (NpgsqlConnection)connection, transaction);
            command.ExecuteNonQuery();
            return transaction;
        }
        catch
        {
            transaction.Dispose();
            throw;
        }
    }
}
