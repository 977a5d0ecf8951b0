using System.Globalization;
using DuckDB.NET.Data;
using Finks.Lake.Bronze;
using Finks.Lake.Files;
using Finks.Lake.Storage;

namespace Finks.Lake.Maintenance;

/// <summary>A file of the Bronze zone that the register does not know.</summary>
/// <param name="Problem">Why it cannot be registered, with what to do; null when it is whole.</param>
/// <param name="Batch">The number that it carries; null when it cannot be read.</param>
public sealed record UnregisteredBatch(string Key, long Bytes, string? Problem, long? Batch = null, BronzeOrigin? Origin = null, int Replies = 0);

/// <summary>
/// Registers stored Bronze files that the register does not know: those of a process that was killed before it could, or all of them when the catalog
/// is lost. A stored file is complete and says by itself what it is.
/// </summary>
public sealed class BronzeAdoption(DataLake lake, BronzeStore bronze)
{
    /// <summary>Copies the Bronze files of another store into this lake's zone, those that are not there yet.</summary>
    /// <param name="zone">The name of the zone in the other store.</param>
    public int CopyFrom(ZoneStore other, string zone, IProgress<MaintenanceProgress> progress, CancellationToken cancellation)
    {
        var files = other.List(zone + "/").Where(f => f.Key.EndsWith(".parquet", StringComparison.Ordinal)).Select(f => (f.Key, f.Bytes, (string?)null)).ToList();
        if (files.Count == 0)
            throw new LakeException($"{other.DataPath} has no Bronze files below {zone}/. Name the folder that holds {zone}, or set the environment that it belongs to.");
        var there = lake.Store.List(lake.Paths.BronzeZone + "/").ToDictionary(f => f.Key, f => f.Bytes, StringComparer.Ordinal);
        return new FileTransfer(other, lake.Store).Copy(files, key => lake.Paths.BronzeZone + key[zone.Length..], there, progress, cancellation).Files;
    }

    /// <summary>Finds them, in the order of their numbers, and proves each whole: every body has the hash that it was received with.</summary>
    /// <param name="grace">Only files stored longer ago than this: younger ones may be on the way to being registered. Null for all, when nobody writes.</param>
    public IReadOnlyList<UnregisteredBatch> Find(TimeSpan? grace, IProgress<MaintenanceProgress> progress, CancellationToken cancellation)
    {
        var before = grace is { } span ? lake.Clock.GetUtcNow() - span : DateTimeOffset.MaxValue;
        var known = bronze.All().Select(b => b.Key).ToHashSet(StringComparer.Ordinal);
        var unknown = lake.Store.List(lake.Paths.BronzeZone + "/")
            .Where(f => f.Key.EndsWith(".parquet", StringComparison.Ordinal) && f.LastModified <= before && !known.Contains(f.Key)).ToList();
        var found = new List<UnregisteredBatch>();
        foreach (var file in unknown)
        {
            cancellation.ThrowIfCancellationRequested();
            progress.Report(new MaintenanceProgress(file.Key, (double)found.Count / unknown.Count));
            found.Add(Prove(file));
        }

        var numbers = found.Where(f => f.Batch is not null).ToLookup(f => f.Batch!.Value);
        return
        [
            .. found.Select(f => f.Batch is { } batch && f.Problem is null && (numbers[batch].Count() > 1 || bronze.Find(batch) is not null)
                    ? f with { Problem = $"another file has its number {batch} too; two lakes have written to this zone. Move the files of one of them away" }
                    : f)
                .OrderBy(f => f.Batch ?? long.MaxValue).ThenBy(f => f.Key, StringComparer.Ordinal),
        ];
    }

    /// <summary>Registers files that were found whole, each in a transaction of its own.</summary>
    /// <param name="alongside">What else the transaction records of each reply.</param>
    public void Adopt(
        IReadOnlyList<UnregisteredBatch> batches, Action<LedgerTransaction, long, BronzeOrigin, StoredReply> alongside, IProgress<MaintenanceProgress> progress,
        CancellationToken cancellation)
    {
        var whole = batches.Where(b => b.Problem is null).ToList();
        for (var i = 0; i < whole.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            progress.Report(new MaintenanceProgress(whole[i].Key, (double)i / whole.Count));
            Adopt(whole[i], alongside);
        }
    }

    private void Adopt(UnregisteredBatch found, Action<LedgerTransaction, long, BronzeOrigin, StoredReply> alongside)
    {
        var (path, sha256) = Fetch(found.Key, found.Bytes);
        var batch = found.Batch!.Value;
        var replies = Read(found.Key, batch, found.Origin!, sha256, found.Bytes);
        lake.Database.Write(tx =>
        {
            if (tx.Scalar<long>("select count(*) from finks_bronze_batch where path = @path", ("path", found.Key)) > 0)
                return; // another process was faster
            BronzeStore.Insert(tx, batch, found.Origin!, new StagedFile(found.Key, path, found.Bytes, sha256), replies.ConvertAll(r => r.Reply));
            tx.Execute("update finks_bronze_number set last = @batch where last < @batch", ("batch", batch));
            foreach (var reply in replies)
                alongside(tx, batch, found.Origin!, reply);
        });
    }

    private UnregisteredBatch Prove(StoredObject file)
    {
        try
        {
            var (path, sha256) = Fetch(file.Key, file.Bytes);
            var facts = Facts(path);
            var origin = new BronzeOrigin(facts["finks_source"], facts["finks_dataset"], facts["finks_contract_version"], facts["finks_run"]);
            var batch = long.Parse(facts["finks_batch"], CultureInfo.InvariantCulture);
            var replies = Read(file.Key, batch, origin, sha256, file.Bytes);
            return new UnregisteredBatch(file.Key, file.Bytes, replies.Count == 0 ? "it holds no reply; delete it" : null, batch, origin, replies.Count);
        }
        catch (Exception error) when (error is LakeException or DuckDBException or KeyNotFoundException or FormatException)
        {
            return new UnregisteredBatch(file.Key, file.Bytes, $"it is no whole Bronze file: {error.Message} Restore it from a backup, or move it out of the zone");
        }
    }

    private (string Path, string Sha256) Fetch(string key, long bytes)
    {
        var path = lake.Store.Fetch([new StoredFile(key, bytes)])[0];
        return (path, LocalFile.Sha256(path));
    }

    private List<StoredReply> Read(string key, long batch, BronzeOrigin origin, string sha256, long bytes)
    {
        using var connection = DuckDb.OpenInMemory();
        var file = new BronzeBatch
        {
            Id = batch,
            Source = origin.Source,
            Dataset = origin.Dataset,
            Key = key,
            Sha256 = sha256,
            FileBytes = bytes,
            Replies = 0,
            BodyBytes = 0,
        };
        return [.. BronzeReader.Read(connection, lake.Store, file)];
    }

    /// <summary>The file's key-value metadata.</summary>
    private static Dictionary<string, string> Facts(string path)
    {
        using var connection = DuckDb.OpenInMemory();
        using var command = connection.CreateCommand();
        command.CommandText = $"select decode(key), decode(value) from parquet_kv_metadata({SqlText.Literal(path)})";
        using var reader = command.ExecuteReader();
        var facts = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.Read())
            facts[reader.GetString(0)] = reader.GetString(1);
        return facts;
    }
}
