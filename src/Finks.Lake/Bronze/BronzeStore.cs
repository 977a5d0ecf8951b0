using System.Data.Common;
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
        lake.Database.EnsureTables("bronze", 2, EmbeddedSql.Read("bronze-tables.sql"));
    }

    /// <summary>Takes the next number for a batch.</summary>
    internal long NextNumber() => _lake.Database.Write(tx =>
    {
        tx.Execute("update finks_bronze_number set last = last + 1");
        return tx.Scalar<long>("select last from finks_bronze_number");
    });

    /// <summary>Registers a stored file in one transaction: from here on the batch exists.</summary>
    /// <param name="alongside">What else the transaction records.</param>
    internal void Register(long batch, BronzeOrigin origin, StagedFile file, IReadOnlyList<ReceivedReply> replies, Action<LedgerTransaction> alongside)
    {
        _lake.Database.Write(tx =>
        {
            Insert(tx, batch, origin, file, replies);
            alongside(tx);
        });
    }

    /// <summary>The register's row of a batch.</summary>
    internal static void Insert(LedgerTransaction tx, long batch, BronzeOrigin origin, StagedFile file, IReadOnlyList<ReceivedReply> replies) => tx.Execute("""
        insert into finks_bronze_batch (batch_id, source, dataset, path, sha256, file_bytes, replies, body_bytes, first_fetched_at, last_fetched_at, run_id, contract_version)
        values (@batch, @source, @dataset, @path, @sha256, @file_bytes, @replies, @body_bytes, @first, @last, @run_id, @version)
        """,
        ("batch", batch), ("source", origin.Source), ("dataset", origin.Dataset), ("path", file.Key), ("sha256", file.Sha256), ("file_bytes", file.Bytes),
        ("replies", replies.Count), ("body_bytes", replies.Sum(r => (long)r.Body.Length)),
        ("first", UtcText.From(replies.Min(r => r.FetchedAt))), ("last", UtcText.From(replies.Max(r => r.FetchedAt))),
        ("run_id", origin.RunId), ("version", origin.ContractVersion));

    /// <summary>The batches of a dataset that no Silver commit has read, oldest first.</summary>
    public IReadOnlyList<BronzeBatch> Unconsumed(string source, string dataset) => Query("""
        select batch_id, source, dataset, path, sha256, replies, file_bytes, body_bytes from finks_bronze_batch b
        where source = @source and dataset = @dataset and not exists (select 1 from finks_bronze_consumed c where c.batch_id = b.batch_id)
        order by batch_id
        """, ("source", source), ("dataset", dataset));

    /// <summary>All batches, oldest first.</summary>
    public IReadOnlyList<BronzeBatch> All() =>
        Query("select batch_id, source, dataset, path, sha256, replies, file_bytes, body_bytes from finks_bronze_batch order by batch_id");

    /// <summary>The batches whose replies had all been received at an instant, oldest first.</summary>
    public IReadOnlyList<BronzeBatch> ReceivedBy(DateTimeOffset time) => Query("""
        select batch_id, source, dataset, path, sha256, replies, file_bytes, body_bytes from finks_bronze_batch
        where last_fetched_at <= @time order by batch_id
        """, ("time", UtcText.From(time)));

    /// <summary>A batch by its number; null when there is none.</summary>
    public BronzeBatch? Find(long batchId) =>
        Query("select batch_id, source, dataset, path, sha256, replies, file_bytes, body_bytes from finks_bronze_batch where batch_id = @id", ("id", batchId)).SingleOrDefault();

    /// <summary>Reads one reply of a batch.</summary>
    /// <exception cref="LakeException">The batch has no such line, or its file is gone or damaged.</exception>
    public StoredReply ReadReply(BronzeBatch batch, int line)
    {
        using var connection = DuckDb.OpenInMemory();
        return BronzeReader.Read(connection, _lake.Store, batch, $"seq = {line}").SingleOrDefault()
            ?? throw new LakeException($"Bronze batch {batch.Id} ({batch.Key}) has no line {line}; it holds {batch.Replies} replies.");
    }

    private IReadOnlyList<BronzeBatch> Query(string sql, params (string Name, object? Value)[] parameters) =>
        _lake.Database.Read(reader => reader.Query(sql, Batch, parameters));

    private static BronzeBatch Batch(DbDataReader row) => new()
    {
        Id = row.GetInt64(0),
        Source = row.GetString(1),
        Dataset = row.GetString(2),
        Key = row.GetString(3),
        Sha256 = row.GetString(4),
        Replies = row.GetInt64(5),
        FileBytes = row.GetInt64(6),
        BodyBytes = row.GetInt64(7),
    };
}
