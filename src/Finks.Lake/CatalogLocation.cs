using Npgsql;

namespace Finks.Lake;

/// <summary>Where the catalog's database is.</summary>
public abstract record CatalogLocation
{
    private CatalogLocation()
    {
    }

    /// <summary>A SQLite file, for one machine.</summary>
    /// <param name="File">Absolute path; created when absent.</param>
    public sealed record Sqlite(string File) : CatalogLocation
    {
        public override string ToString() => File;
    }

    /// <summary>A PostgreSQL database, for many machines. It must be there; the tables are created in it.</summary>
    /// <param name="ConnectionString">As Npgsql reads it: <c>Host=…;Database=…;Username=…</c>. <c>Search Path</c> names the schema of the tables,
    /// <c>public</c> when absent.</param>
    public sealed record Postgres(string ConnectionString) : CatalogLocation
    {
        /// <summary>Without user and password, for people to read.</summary>
        public override string ToString()
        {
            var parts = new NpgsqlConnectionStringBuilder(ConnectionString);
            return $"PostgreSQL database {parts.Database} on {parts.Host}:{parts.Port}";
        }
    }
}
