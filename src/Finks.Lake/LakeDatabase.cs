using System.Data.Common;
using DuckDB.NET.Data;
using Finks.Lake.Storage;

namespace Finks.Lake;

/// <summary>The database of the catalog, for reading it and for the ledgers that other parts of Finks keep beside it. Safe for use by
/// several threads and processes at once.</summary>
public sealed class LakeDatabase
{
    /// <summary>How often a transaction that the database gave up is tried again.</summary>
    private const int MaxAttempts = 10;

    private readonly CatalogLocation _location;
    private readonly CatalogDialect _dialect;
    private readonly Action<string>? _reached;

    internal LakeDatabase(CatalogLocation location, Action<string>? reached = null, bool isReadOnly = false)
    {
        _location = location;
        _dialect = CatalogDialect.Of(location, isReadOnly);
        _reached = reached;
    }

    /// <summary>Runs a query on one consistent state of the database. What it returns must not read any more.</summary>
    /// <exception cref="LakeException">The database failed.</exception>
    public T Read<T>(Func<LedgerReader, T> query)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var (connection, transaction) = Begin(_dialect.BeginRead);
                using var reader = new LedgerReader(_dialect, connection, transaction, _reached);
                return query(reader);
            }
            catch (DbException e) when (_dialect.IsDisconnected(e) && attempt < MaxAttempts)
            {
                // Nothing was changed, so it is read again.
            }
            catch (DbException e) when (e is not DuckDBException)
            {
                throw Failed(e);
            }
        }
    }

    /// <summary>Runs one transaction that holds the write lock from its beginning; an exception takes all of it back.</summary>
    /// <exception cref="LakeException">Another writer held the lock for longer than the bounded wait, or the database failed.</exception>
    public void Write(Action<LedgerTransaction> work) => Write(transaction =>
    {
        work(transaction);
        return true;
    });

    /// <inheritdoc cref="Write(Action{LedgerTransaction})"/>
    public T Write<T>(Func<LedgerTransaction, T> work) => Change(_dialect.BeginWrite, work);

    /// <summary>Runs one transaction beside the lake's commits, where the database can: for ledgers that no commit reads or changes. Such transactions
    /// may run at once, and each sees what the others have committed so far; a statement that changes a row waits for the one that changed it before.</summary>
    /// <exception cref="LakeException">The database failed.</exception>
    public T WriteBeside<T>(Func<LedgerTransaction, T> work) => Change(_dialect.BeginBeside, work);

    /// <inheritdoc cref="WriteBeside{T}(Func{LedgerTransaction, T})"/>
    public void WriteBeside(Action<LedgerTransaction> work) => WriteBeside(transaction =>
    {
        work(transaction);
        return true;
    });

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
            throw new LakeException($"The tables of {component} in {_location} have version {stored}, this program knows version {version}. "
                + (stored > version ? "Use a newer Finks." : "Make a new lake and replay Bronze into it."));
        }
    }

    /// <summary>Creates the catalog's tables where they are not yet there.</summary>
    internal void CreateTables(Action<LedgerTransaction> create)
    {
        try
        {
            _dialect.CreateTables((connection, transaction) => new LedgerTransaction(_dialect, connection, transaction, _reached), transaction =>
            {
                create(transaction);
                _reached?.Invoke(KillPoint.BeforeCommit);
            });
            _reached?.Invoke(KillPoint.AfterCommit);
        }
        catch (DbException e)
        {
            throw Failed(e);
        }
    }

    /// <summary>DDL in the types of PostgreSQL, as this database has them.</summary>
    internal string Ddl(string sql) => _dialect.Ddl(sql);

    internal (string Target, string? Option) Attach() => _dialect.Attach();

    /// <summary>Closes pooled connections, so that a file can be moved or deleted.</summary>
    internal void Release() => _dialect.Release();

    private T Change<T>(Func<DbConnection, DbTransaction> begin, Func<LedgerTransaction, T> work)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return ChangeOnce(begin, work);
            }
            catch (DbException e) when (_dialect.IsConflict(e) && attempt < MaxAttempts)
            {
                // Taken back as a whole; the other transaction has ended.
            }
            catch (DbException e) when (_dialect.IsDisconnected(e))
            {
                throw new LakeException(
                    $"The connection to the catalog, {_location}, was lost: {e.Message}. Whether the transaction was committed is not known. "
                    + "Run this again: a commit that is there already is not made twice.", e);
            }
            catch (DbException e) when (_dialect.IsLockTimeout(e))
            {
                throw new LakeException(
                    $"The catalog {_location} stayed locked for {CatalogDialect.LockTimeout.TotalSeconds:0} seconds, so nothing was written. "
                    + "Find the process that keeps a write transaction open, then run this again.", e);
            }
            catch (DbException e) when (e is not DuckDBException)
            {
                throw Failed(e);
            }
        }
    }

    private T ChangeOnce<T>(Func<DbConnection, DbTransaction> begin, Func<LedgerTransaction, T> work)
    {
        var (connection, begun) = Begin(begin);
        using var transaction = new LedgerTransaction(_dialect, connection, begun, _reached);
        var result = work(transaction);
        _reached?.Invoke(KillPoint.BeforeCommit);
        transaction.Commit();
        _reached?.Invoke(KillPoint.AfterCommit);
        return result;
    }

    /// <summary>A pooled connection may have died since it was used; another is then taken.</summary>
    private (DbConnection Connection, DbTransaction Transaction) Begin(Func<DbConnection, DbTransaction> begin)
    {
        for (var attempt = 1; ; attempt++)
        {
            var connection = _dialect.Open();
            try
            {
                return (connection, begin(connection));
            }
            catch (DbException e) when (_dialect.IsDisconnected(e) && attempt < MaxAttempts)
            {
                connection.Dispose();
                _dialect.ForgetIdle();
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }
    }

    private static int Create(LedgerTransaction transaction, string component, int version, string ddl)
    {
        if (transaction.Scalar<long?>("SELECT version FROM finks_component WHERE name = @name", ("name", component)) is { } other)
            return (int)other; // another process was faster
        transaction.Execute(ddl);
        transaction.Insert("finks_component", ("name", component), ("version", version));
        return version;
    }

    /// <summary>A connection may break while the database commits, so that nobody here knows whether it did; running again is right in both cases.</summary>
    private LakeException Failed(DbException error) => new(
        $"The catalog {_location} failed: {error.Message} Mend that (its disk, its server, the network), then run this again: "
        + "what was committed is found, and the rest is done.",
        error);

    private int? StoredVersion(string component) =>
        (int?)Read(reader => reader.Scalar<long?>("SELECT version FROM finks_component WHERE name = @name", ("name", component)));
}
