using DuckDB.NET.Data;

namespace Finks.Lake.Bronze;

/// <summary>Reads replies back from Bronze files, with DuckDB's own Parquet reader.</summary>
public static class BronzeReader
{
    /// <summary>The replies of a batch in order, one at a time.</summary>
    /// <param name="condition">SQL over the columns of the file, written by Finks itself; null for all replies.</param>
    public static IEnumerable<StoredReply> Read(DuckDBConnection connection, BronzeBatch batch, string? condition = null)
    {
        using var command = connection.CreateCommand();
        command.UseStreamingMode = true;
        command.CommandText = $"""
            select seq, method, path, query, subject, status, fetched_at, attempts, outcome, message, sha256, body
            from read_parquet('{batch.Path.Replace("'", "''")}')
            {(condition is null ? "" : "where " + condition)} order by seq
            """;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return new StoredReply(reader.GetInt32(0), new ReceivedReply
            {
                Method = reader.GetString(1),
                Path = reader.GetString(2),
                Query = reader.GetString(3),
                Subject = reader.GetString(4),
                Status = reader.GetInt16(5),
                Headers = [],
                FetchedAt = new DateTimeOffset(reader.GetDateTime(6), TimeSpan.Zero),
                Attempts = reader.GetInt32(7),
                Outcome = reader.GetString(8),
                Message = reader.IsDBNull(9) ? null : reader.GetString(9),
                Sha256 = reader.GetString(10),
                Body = ReadBody(reader, 11),
            });
        }
    }

    private static byte[] ReadBody(DuckDBDataReader reader, int column)
    {
        using var stream = reader.GetStream(column);
        var body = new byte[stream.Length];
        stream.ReadExactly(body);
        return body;
    }
}
