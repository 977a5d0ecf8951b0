using System.Globalization;
using DuckDB.NET.Data;
using Finks.Lake.Storage;

namespace Finks.Lake.Bronze;

/// <summary>A reply to store and what else to record about it in the transaction that registers its batch.</summary>
/// <param name="Record">Called with the transaction, the batch's number and the reply's line; null when there is nothing to record.</param>
public sealed record BronzeEntry(ReceivedReply Reply, Action<LedgerTransaction, long, int>? Record = null);

/// <summary>
/// Gathers replies into batches, one dataset each, and writes a batch when it is full.
/// Replies in no written batch when the process dies are simply asked for again.
/// </summary>
public sealed class BronzeWriter : IDisposable
{
    /// <summary>A batch closes at this many replies: enough to compress well, few enough to spread over threads.</summary>
    public const int MaxReplies = 100;

    /// <summary>A batch closes at this many bytes of bodies, which bounds memory.</summary>
    public const int MaxBytes = 16 << 20;

    private readonly BronzeStore _store;
    private readonly DataLake _lake;
    private readonly DuckDBConnection _connection;
    private readonly Dictionary<BronzeOrigin, List<BronzeEntry>> _open = [];

    /// <summary>A writer over <paramref name="lake"/>'s Bronze zone. Not thread-safe.</summary>
    public BronzeWriter(DataLake lake, BronzeStore store)
    {
        (_lake, _store) = (lake, store);
        _connection = DuckDb.OpenInMemory();
        // One thread: the other core is busy with the replies still coming in.
        _connection.Execute("set threads = 1");
    }

    /// <summary>Adds a reply, and writes its dataset's batch when that is full.</summary>
    public void Add(BronzeOrigin origin, BronzeEntry entry)
    {
        if (!_open.TryGetValue(origin, out var batch))
            _open[origin] = batch = [];
        batch.Add(entry);
        if (batch.Count >= MaxReplies || batch.Sum(e => (long)e.Reply.Body.Length) >= MaxBytes)
            Write(origin);
    }

    /// <summary>Writes what is still open.</summary>
    public void Flush()
    {
        foreach (var origin in _open.Keys.OrderBy(o => o.Dataset, StringComparer.Ordinal).ToList())
            Write(origin);
    }

    public void Dispose() => _connection.Dispose();

    private void Write(BronzeOrigin origin)
    {
        if (!_open.Remove(origin, out var batch))
            return;
        // Order of arrival depends on the network; order in the file must not.
        batch.Sort((a, b) => (a.Reply.FetchedAt, a.Reply.Subject, a.Reply.Query).CompareTo((b.Reply.FetchedAt, b.Reply.Subject, b.Reply.Query)));
        var replies = batch.ConvertAll(e => e.Reply);
        var number = _store.NextNumber();
        var key = KeyOf(origin, replies[0].FetchedAt);
        var path = _lake.Store.Stage(key);
        var (sha256, bytes) = new BronzeFile(_connection).Write(path, number, origin, replies);
        var file = new StagedFile(key, path, bytes, sha256);
        _lake.Reached(KillPoint.FileStaged);
        _lake.Store.Store([file]);
        _lake.Reached(KillPoint.FilesStored);
        _store.Register(number, origin, file, replies, tx =>
        {
            for (var line = 0; line < batch.Count; line++)
                batch[line].Record?.Invoke(tx, number, line);
        });
    }

    private string KeyOf(BronzeOrigin origin, DateTimeOffset firstFetchedAt)
    {
        var at = firstFetchedAt.UtcDateTime;
        var folder = string.Create(CultureInfo.InvariantCulture,
            $"source={origin.Source}/dataset={origin.Dataset}/year={at:yyyy}/month={at:MM}/day={at:dd}/hour={at:HH}/run_id={origin.RunId}");
        return $"{_lake.Paths.BronzeZone}/{folder}/{at.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture)}_{_lake.Ids.Next():N}.parquet";
    }
}
