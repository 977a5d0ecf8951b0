using System.Security.Cryptography;
using DuckDB.NET.Data;
using Finks.Lake.Files;
using Finks.Lake.Storage;

namespace Finks.Lake.Bronze;

/// <summary>Reads replies back from Bronze files, with DuckDB's own Parquet reader.</summary>
public static class BronzeReader
{
    /// <summary>The replies of a batch in order, one at a time, each proved to hold the bytes that were received.</summary>
    /// <param name="condition">SQL over the columns of the file, written by Finks itself; null for all replies.</param>
    /// <exception cref="LakeException">The file is gone or damaged.</exception>
    public static IEnumerable<StoredReply> Read(DuckDBConnection connection, ZoneStore store, BronzeBatch batch, string? condition = null)
    {
        var path = Fetch(store, batch);
        using var command = connection.CreateCommand();
        command.UseStreamingMode = true;
        command.CommandText = $"""
            select seq, method, path, query, subject, status, fetched_at, attempts, outcome, message, ledger_entry, sha256, body
            from read_parquet({SqlText.Literal(path)})
            {(condition is null ? "" : "where " + condition)} order by seq
            """;
        using var reader = Guard(batch, command.ExecuteReader);
        while (Guard(batch, reader.Read))
            yield return Checked(batch, Guard(batch, () => Reply(reader)));
    }

    /// <summary>Where the file of a batch can be read on this machine.</summary>
    private static string Fetch(ZoneStore store, BronzeBatch batch)
    {
        try
        {
            return store.Fetch([new StoredFile(batch.Key, batch.FileBytes)])[0];
        }
        catch (LakeException error)
        {
            throw new LakeException(
                $"The file of Bronze batch {batch.Id} cannot be had: {error.Message} Restore it from a backup; nothing else holds its {batch.Replies} replies.",
                error);
        }
    }

    private static StoredReply Reply(DuckDBDataReader reader) => new(reader.GetInt32(0), new ReceivedReply
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
        LedgerEntry = reader.IsDBNull(10) ? null : reader.GetString(10),
        Sha256 = reader.GetString(11),
        Body = ReadBody(reader, 12),
    });

    private static StoredReply Checked(BronzeBatch batch, StoredReply stored)
    {
        var actual = Convert.ToHexStringLower(SHA256.HashData(stored.Reply.Body));
        return actual == stored.Reply.Sha256
            ? stored
            : throw new LakeException($"{Damaged(batch)} The body of line {stored.Line} has SHA-256 {actual}, but {stored.Reply.Sha256} was received.");
    }

    private static T Guard<T>(BronzeBatch batch, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DuckDBException error)
        {
            throw new LakeException($"{Damaged(batch)} {error.Message}", error);
        }
    }

    private static string Damaged(BronzeBatch batch) => $"The file of Bronze batch {batch.Id} is damaged: {batch.Key}. Restore it from a backup; nothing was committed.";

    private static byte[] ReadBody(DuckDBDataReader reader, int column)
    {
        using var stream = reader.GetStream(column);
        var body = new byte[stream.Length];
        stream.ReadExactly(body);
        return body;
    }
}
