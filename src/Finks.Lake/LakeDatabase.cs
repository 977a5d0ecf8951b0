using Finks.Lake.Storage;
using Microsoft.Data.Sqlite;

namespace Finks.Lake;

/// <summary>The database of the catalog, for reading it and for the ledgers that other parts of Finks keep beside it. Safe for use by
/// several threads and processes at once.</summary>
public sealed class LakeDatabase
{
    private readonly string _file;
    private readonly string _connectionString;

    internal LakeDatabase(string file)
    {
        _file = file;
        _connectionString = SqliteDialect.ConnectionString(file);
    }

    /// <summary>Runs a query on one consistent state of the database. What it returns must not read from the connection any more.</summary>
    public T Read<T>(Func<SqliteConnection, T> query)
    {
        using var connection = SqliteDialect.Open(_connectionString);
        using var transaction = connection.BeginTransaction(deferred: true);
        var result = query(connection);
        transaction.Commit();
        return result;
    }

    /// <summary>Runs one transaction that holds the write lock from its beginning; an exception takes all of it back.</summary>
    /// <exception cref="LakeException">Another writer held the lock for longer than the bounded wait.</exception>
    public void Write(Action<LedgerTransaction> work) => Write(transaction =>
    {
        work(transaction);
        return true;
    });

    /// <inheritdoc cref="Write(Action{LedgerTransaction})"/>
    public T Write<T>(Func<LedgerTransaction, T> work)
    {
        try
        {
            using var connection = SqliteDialect.Open(_connectionString);
            using var transaction = new LedgerTransaction(connection);
            var result = work(transaction);
            transaction.Commit();
            return result;
        }
        catch (SqliteException e) when (SqliteDialect.IsBusy(e))
        {
            throw new LakeException(
                $"The catalog {_file} stayed locked for {SqliteDialect.BusyTimeout.TotalSeconds:0} seconds, so nothing was written. "
                + "Find the process that keeps a write transaction open, then run this again.", e);
        }
    }

    /// <summary>Creates the tables of a part of Finks once.</summary>
    /// <param name="component">The part, e.g. <c>ingestion</c>.</param>
    /// <param name="version">The version of <paramref name="ddl"/>.</param>
    /// <exception cref="LakeException">The tables are there in another version.</exception>
    public void EnsureTables(string component, int version, string ddl)
    {
        if (StoredVersion(component) is not { } stored)
            stored = Write(transaction => Create(transaction, component, version, ddl));
        if (stored != version)
        {
            throw new LakeException($"The tables of {component} in {_file} have version {stored}, this program knows version {version}. "
                + (stored > version ? "Use a newer Finks." : "Make a new lake and replay Bronze into it."));
        }
    }

    /// <summary>Closes pooled connections so that the file can be moved or deleted.</summary>
    internal void Release()
    {
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
    }

    private static int Create(LedgerTransaction transaction, string component, int version, string ddl)
    {
        if (transaction.Scalar<long?>("SELECT version FROM finks_component WHERE name = $name", ("name", component)) is { } other)
            return (int)other; // another process was faster
        transaction.Execute(ddl);
        transaction.Insert("finks_component", ("name", component), ("version", version));
        return version;
    }

    private int? StoredVersion(string component) => Read(connection =>
        connection.Rows("SELECT version FROM finks_component WHERE name = $name", r => (int?)r.GetInt32(0), ("name", component))
            .FirstOrDefault());
}
