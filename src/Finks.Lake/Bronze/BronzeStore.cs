using System.Security.Cryptography;
using Finks.Lake.Storage;

namespace Finks.Lake.Bronze;

/// <summary>Where a batch comes from.</summary>
/// <param name="ContractVersion">Version of the dataset's contract when the replies were asked for.</param>
public sealed record BronzeOrigin(string Source, string Dataset, string ContractVersion, string RunId);

/// <summary>The Bronze zone and its register in the metadata database.</summary>
public sealed class BronzeStore
{
    private readonly DataLake _lake;

    /// <summary>Opens the register, and creates its tables in a new lake.</summary>
    public BronzeStore(DataLake lake)
    {
        _lake = lake;
        lake.Database.EnsureTables("bronze", 1, EmbeddedSql.Read("bronze-tables.sql"));
    }

    /// <summary>Registers a written file in one transaction: from here on the batch exists.</summary>
    /// <param name="alongside">What else the transaction records, given the batch's number.</param>
    internal long Register(BronzeOrigin origin, string path, string sha256, long fileBytes, IReadOnlyList<ReceivedReply> replies, Action<LedgerTransaction, long> alongside)
    {
        long batch = 0;
        _lake.Database.Write(tx =>
        {
            tx.Execute("""
                insert into finks_bronze_batch (source, dataset, path, sha256, file_bytes, replies, body_bytes, first_fetched_at, last_fetched_at, run_id, contract_version)
                values ($source, $dataset, $path, $sha256, $file_bytes, $replies, $body_bytes, $first, $last, $run_id, $version)
                """,
                ("source", origin.Source), ("dataset", origin.Dataset), ("path", RelativePath(path)), ("sha256", sha256), ("file_bytes", fileBytes),
                ("replies", replies.Count), ("body_bytes", replies.Sum(r => (long)r.Body.Length)),
                ("first", UtcText.From(replies.Min(r => r.FetchedAt))), ("last", UtcText.From(replies.Max(r => r.FetchedAt))),
                ("run_id", origin.RunId), ("version", origin.ContractVersion));
            batch = tx.Scalar<long>("select last_insert_rowid()");
            alongside(tx, batch);
        });
        return batch;
    }

    /// <summary>The batches of a dataset that no Silver commit has read, oldest first.</summary>
    public IReadOnlyList<BronzeBatch> Unconsumed(string source, string dataset) => Query("""
        select batch_id, source, dataset, path, sha256, replies, file_bytes, body_bytes from finks_bronze_batch b
        where source = $source and dataset = $dataset and not exists (select 1 from finks_bronze_consumed c where c.batch_id = b.batch_id)
        order by batch_id
        """, ("source", source), ("dataset", dataset));

    /// <summary>All batches, oldest first.</summary>
    public IReadOnlyList<BronzeBatch> All() =>
        Query("select batch_id, source, dataset, path, sha256, replies, file_bytes, body_bytes from finks_bronze_batch order by batch_id");

    /// <summary>A batch by its number; null when there is none.</summary>
    public BronzeBatch? Find(long batchId) =>
        Query("select batch_id, source, dataset, path, sha256, replies, file_bytes, body_bytes from finks_bronze_batch where batch_id = $id", ("id", batchId)).SingleOrDefault();

    /// <summary>Reads one reply of a batch.</summary>
    /// <exception cref="LakeException">The batch has no such line, or its file is gone or damaged.</exception>
    public static StoredReply ReadReply(BronzeBatch batch, int line)
    {
        using var connection = DuckDb.OpenInMemory();
        return BronzeReader.Read(connection, batch, $"seq = {line}").SingleOrDefault()
            ?? throw new LakeException($"Bronze batch {batch.Id} ({batch.Path}) has no line {line}; it holds {batch.Replies} replies.");
    }

    /// <summary>Compares the file of every batch with the hash of when it was written.</summary>
    public LakeCheckReport Check()
    {
        var batches = All();
        return new LakeCheckReport(batches.Count, batches.Sum(b => b.FileBytes), [.. batches.Select(Problem).OfType<string>()]);
    }

    private static string? Problem(BronzeBatch batch)
    {
        if (!File.Exists(batch.Path))
            return $"bronze batch {batch.Id}: {batch.Path} is gone; restore it from a backup, nothing else holds its {batch.Replies} replies";
        using var file = File.OpenRead(batch.Path);
        return Convert.ToHexStringLower(SHA256.HashData(file)) == batch.Sha256
            ? null
            : $"bronze batch {batch.Id}: {batch.Path} is not what was written; restore it from a backup";
    }

    private string RelativePath(string path) => Path.GetRelativePath(_lake.Paths.Home, path).Replace(Path.DirectorySeparatorChar, '/');

    private IReadOnlyList<BronzeBatch> Query(string sql, params (string Name, object Value)[] parameters) => _lake.Database.Read(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue("$" + name, value);
        using var reader = command.ExecuteReader();
        var batches = new List<BronzeBatch>();
        while (reader.Read())
        {
            batches.Add(new BronzeBatch
            {
                Id = reader.GetInt64(0),
                Source = reader.GetString(1),
                Dataset = reader.GetString(2),
                Path = Path.Combine(_lake.Paths.Home, reader.GetString(3)),
                Sha256 = reader.GetString(4),
                Replies = reader.GetInt64(5),
                FileBytes = reader.GetInt64(6),
                BodyBytes = reader.GetInt64(7),
            });
        }

        return (IReadOnlyList<BronzeBatch>)batches;
    });
}
