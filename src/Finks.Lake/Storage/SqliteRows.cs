using Microsoft.Data.Sqlite;

namespace Finks.Lake.Storage;

internal static class SqliteRows
{
    public static List<T> Rows<T>(
        this SqliteConnection connection, string sql, Func<SqliteDataReader, T> row, params (string Name, object? Value)[] parameters) =>
        connection.Stream(sql, row, parameters).ToList();

    /// <summary>Reads row by row, for queries whose reader stops early.</summary>
    public static IEnumerable<T> Stream<T>(
        this SqliteConnection connection, string sql, Func<SqliteDataReader, T> row, params (string Name, object? Value)[] parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue("$" + name, SqliteDialect.Value(value));
        using var reader = command.ExecuteReader();
        while (reader.Read())
            yield return row(reader);
    }

    public static string? Text(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static long? Number(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}
