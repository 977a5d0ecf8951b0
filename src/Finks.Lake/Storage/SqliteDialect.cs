using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Finks.Lake.Storage;

/// <summary>All that is peculiar to a catalog in SQLite: opening it, and the form of values in it.</summary>
internal static class SqliteDialect
{
    /// <summary>SQLite's own busy handler waits this long for the write lock. A commit holds it for milliseconds.</summary>
    public static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(20);

    private const int Busy = 5;

    public static string ConnectionString(string file) => new SqliteConnectionStringBuilder
    {
        DataSource = file,
        Pooling = true,
        DefaultTimeout = (int)BusyTimeout.TotalSeconds,
    }.ToString();

    /// <summary>WAL so that readers never block a commit; FULL so that a commit survives a loss of power.</summary>
    public static SqliteConnection Open(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var pragmas = connection.CreateCommand();
        pragmas.CommandText = $"PRAGMA busy_timeout = {(int)BusyTimeout.TotalMilliseconds}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";
        pragmas.ExecuteNonQuery();
        return connection;
    }

    public static bool IsBusy(SqliteException error) => error.SqliteErrorCode == Busy;

    /// <summary>The form that DuckLake reads back: times in UTC to the microsecond, UUIDs in lower case, booleans as 0 and 1.</summary>
    public static object Value(object? value) => value switch
    {
        null => DBNull.Value,
        bool flag => flag ? 1L : 0L,
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture) + "+00",
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        Guid id => id.ToString("D", CultureInfo.InvariantCulture),
        _ => value,
    };

    public static DateTimeOffset Time(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
