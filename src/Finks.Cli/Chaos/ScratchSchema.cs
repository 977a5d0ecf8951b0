using Npgsql;

namespace Finks.Cli.Chaos;

/// <summary>A schema of PostgreSQL for one scratch catalog.</summary>
internal static class ScratchSchema
{
    /// <summary>The same database, with the tables in a schema of their own.</summary>
    public static string In(string catalog, int number) => new NpgsqlConnectionStringBuilder(catalog) { SearchPath = $"chaos_{number}" }.ConnectionString;

    /// <summary>A schema of the database that holds a lake; null when there is none.</summary>
    public static string? LakeIn(string catalog) =>
        (string?)Run(catalog, "select table_schema from information_schema.tables where table_name in ('finks_setting', 'ducklake_snapshot') limit 1");

    public static void Drop(string catalog) => Run(catalog, $"drop schema if exists {new NpgsqlConnectionStringBuilder(catalog).SearchPath} cascade");

    private static object? Run(string catalog, string sql)
    {
        using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(catalog) { Pooling = false, SearchPath = null });
        using var command = source.CreateCommand(sql);
        return command.ExecuteScalar();
    }
}
