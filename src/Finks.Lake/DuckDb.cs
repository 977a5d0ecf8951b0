using System.Globalization;
using DuckDB.NET.Data;

namespace Finks.Lake;

/// <summary>An in-process DuckDB, opened and commanded in one way everywhere.</summary>
public static class DuckDb
{
    /// <summary>An empty in-memory database whose times are UTC.</summary>
    public static DuckDBConnection OpenInMemory()
    {
        var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        connection.Execute("set timezone = 'UTC'");
        return connection;
    }

    /// <summary>Runs SQL that Finks wrote itself; several statements are allowed.</summary>
    public static void Execute(this DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The first column of the first row, which must not be null.</summary>
    public static T Scalar<T>(this DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (T)Convert.ChangeType(command.ExecuteScalar()!, typeof(T), CultureInfo.InvariantCulture);
    }
}
