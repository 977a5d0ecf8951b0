using System.Data.Common;

namespace Finks.Lake.Storage;

/// <summary>All in which the databases that can hold a catalog differ.</summary>
internal abstract class CatalogDialect
{
    /// <summary>How long a writer waits for the one before it. A commit holds the lock for milliseconds.</summary>
    public static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(20);

    /// <summary>A query for the number of tables called <c>@name</c>.</summary>
    public abstract string TableCount { get; }

    /// <summary>A query for the number of tables that are in the way of a new catalog.</summary>
    public abstract string TablesInTheWay { get; }

    /// <summary>A query for the names of all tables, in the order in which they were created: a table comes after those it refers to.</summary>
    public abstract string TableNames { get; }

    public static CatalogDialect Of(CatalogLocation location, bool isReadOnly) => location switch
    {
        CatalogLocation.Sqlite sqlite => new SqliteDialect(sqlite.File, isReadOnly),
        CatalogLocation.Postgres postgres => new PostgresDialect(postgres),
        _ => throw new ArgumentOutOfRangeException(nameof(location)),
    };

    public abstract DbConnection Open();

    public abstract DbTransaction BeginRead(DbConnection connection);

    /// <summary>Begins a transaction that is the only one to write until it ends.</summary>
    public abstract DbTransaction BeginWrite(DbConnection connection);

    /// <summary>Begins a transaction that changes rows which no commit reads or changes.</summary>
    public virtual DbTransaction BeginBeside(DbConnection connection) => BeginWrite(connection);

    /// <summary>Creates the catalog's tables when they are not there, one process at a time.</summary>
    public abstract void CreateTables(Func<DbConnection, DbTransaction, LedgerTransaction> begin, Action<LedgerTransaction> create);

    /// <summary>DDL in the types of PostgreSQL, as this database has them.</summary>
    public virtual string Ddl(string sql) => sql;

    public virtual string Translate(string sql) => sql;

    public abstract object Value(object? value);

    /// <summary>Another writer held the lock for longer than <see cref="LockTimeout"/>.</summary>
    public abstract bool IsLockTimeout(DbException error);

    /// <summary>The database gave this transaction up for the sake of another: it may be tried again.</summary>
    public virtual bool IsConflict(DbException error) => false;

    /// <summary>The connection ended before the answer came.</summary>
    public virtual bool IsDisconnected(DbException error) => false;

    /// <summary>Closes the pooled connections that nobody uses now.</summary>
    public virtual void ForgetIdle()
    {
    }

    /// <summary>Of one statement that inserts several rows; more gains nothing.</summary>
    public abstract int ParametersPerInsert { get; }

    /// <summary>The words after <c>ATTACH 'ducklake:</c>, and further options of that command.</summary>
    public abstract (string Target, string? Option) Attach();

    /// <summary>Lets go of pooled connections.</summary>
    public abstract void Release();
}
