using System.Security.Cryptography;
using System.Text.Json;
using DuckDB.NET.Data;
using Finks.Lake.Files;

namespace Finks.Lake.Bronze;

/// <summary>Writes one Bronze batch: a Parquet file with a row per reply, the body's bytes exactly as received.</summary>
internal sealed class BronzeFile(DuckDBConnection connection)
{
    // Speed, not size, decides here: level 1 is within a few percent of level 3 on JSON and twice as fast.
    private const int CompressionLevel = 1;

    private const string Table = """
        create or replace temp table bronze (
            seq integer not null, method varchar not null, path varchar not null, query varchar not null, subject varchar not null,
            status smallint not null, headers varchar not null, fetched_at timestamptz not null, attempts integer not null,
            outcome varchar not null, message varchar, sha256 varchar not null, body blob not null)
        """;

    /// <summary>Writes the file beside its final name, flushes it to disk, then renames it. Returns the file's SHA-256 and size.</summary>
    public (string Sha256, long Bytes) Write(string path, IReadOnlyList<ReceivedReply> replies)
    {
        Fill(replies);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var unfinished = path + ".unfinished";
        connection.Execute($"copy (select * from bronze order by seq) to {SqlText.Literal(unfinished)} (format parquet, compression zstd, compression_level {CompressionLevel})");
        connection.Execute("drop table bronze");

        string sha256;
        long bytes;
        using (var file = new FileStream(unfinished, FileMode.Open, FileAccess.ReadWrite))
        {
            sha256 = Convert.ToHexStringLower(SHA256.HashData(file));
            bytes = file.Length;
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path);
        return (sha256, bytes);
    }

    private void Fill(IReadOnlyList<ReceivedReply> replies)
    {
        connection.Execute(Table);
        using var appender = connection.CreateAppender("temp", "main", "bronze");
        for (var line = 0; line < replies.Count; line++)
        {
            var reply = replies[line];
            appender.CreateRow()
                .AppendValue(line)
                .AppendValue(reply.Method)
                .AppendValue(reply.Path)
                .AppendValue(reply.Query)
                .AppendValue(reply.Subject)
                .AppendValue((short)reply.Status)
                .AppendValue(HeadersAsJson(reply.Headers))
                .AppendValue(reply.FetchedAt)
                .AppendValue(reply.Attempts)
                .AppendValue(reply.Outcome)
                .AppendValue(reply.Message)
                .AppendValue(reply.Sha256)
                .AppendValue(reply.Body)
                .EndRow();
        }
    }

    // A list of [name, value] pairs: header names may repeat.
    private static string HeadersAsJson(IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var (name, value) in headers)
            {
                json.WriteStartArray();
                json.WriteStringValue(name);
                json.WriteStringValue(value);
                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
