using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using DuckDB.NET.Data;
using Finks.Cleansing.Privacy;
using Finks.Cleansing.Quality;
using Finks.Contracts;
using Finks.Lake;
using Finks.Lake.Bronze;
using Finks.Lake.Storage;

namespace Finks.Cleansing;

/// <summary>What a cleanse run reads and how.</summary>
public sealed record CleanseRequest
{
    public required IReadOnlyList<Contract> Contracts { get; init; }

    /// <summary>Names the run in the ledgers.</summary>
    public required string RunId { get; init; }

    /// <summary>Hashes personal data; null where no contract says to hash any.</summary>
    public MaskingKey? Masking { get; init; }

    /// <summary>Threads for parsing and for DuckDB. Default: the processor count.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Only batches up to this number, when Silver is built anew in the steps in which it was built. Default: all.</summary>
    public long ThroughBatch { get; init; } = long.MaxValue;

    /// <summary>Checks whose failure does not block this run: <c>rows_refused</c>, or <c>dividend.rows_refused</c> for one dataset.</summary>
    public IReadOnlyCollection<string> Accepted { get; init; } = [];
}

/// <summary>Turns the Bronze batches that no Silver commit has read into Silver rows: one snapshot for all datasets.</summary>
public sealed class Cleanser
{
    private readonly DataLake _lake;
    private readonly BronzeStore _bronze;
    private readonly TimeProvider _clock;

    /// <summary>Opens the ledgers, and creates their tables in a new lake.</summary>
    public Cleanser(DataLake lake, BronzeStore bronze, TimeProvider clock)
    {
        (_lake, _bronze, _clock) = (lake, bronze, clock);
        Quality = new QualityLedger(lake);
        lake.Database.EnsureTables("cleansing", 2, EmbeddedSql.Read(Assembly.GetExecutingAssembly(), "cleansing-tables.sql"));
    }

    /// <summary>What the gate has found in all runs.</summary>
    public QualityLedger Quality { get; }

    /// <summary>Reads, checks and commits. Run twice, or by two processes at once, it commits each batch once.</summary>
    /// <exception cref="CleanseException">A check blocks the commit, or rows do not add up; nothing was committed.</exception>
    /// <exception cref="MaskingException">Personal data cannot be hashed as a contract says; nothing was committed.</exception>
    /// <exception cref="ConflictException">Other processes came first every time.</exception>
    public CleanseReport Run(CleanseRequest request, IProgress<string> progress, CancellationToken cancellation) =>
        ConflictException.Retry(() => RunOnce(request, progress, cancellation));

    private CleanseReport RunOnce(CleanseRequest request, IProgress<string> progress, CancellationToken cancellation)
    {
        MaskingSalt.Required(request.Contracts, request.Masking, _lake);
        // The snapshot first: what others commit from here on makes this commit fail, never the other way round.
        var snapshot = _lake.CurrentSnapshot();
        var work = request.Contracts
            .Select(contract => (Contract: contract, Batches: Unread(contract, request.ThroughBatch)))
            .Where(w => w.Batches.Count > 0).ToList();
        if (work.Count == 0)
            return new CleanseReport(null, [], []);

        using var scratch = ScratchDatabase.Open(_lake, request.Threads);
        var database = scratch.Connection;
        database.Execute(QuarantinedTable);

        var scope = new GateScope(_lake, snapshot, _clock.GetUtcNow(), request.Accepted, request.Masking);
        var writes = new List<TableWrite>();
        var counts = new List<DatasetCounts>();
        var quality = new List<DatasetQuality>();
        foreach (var (contract, batches) in work)
        {
            progress.Report(contract.Dataset);
            var dataset = new DatasetCleansing(contract, batches, _lake, _bronze, snapshot, database, request.Threads, request.Masking);
            var gate = new DatasetGate(scope, Quality, contract, database);
            counts.Add(dataset.Resolve(gate, out var fields, cancellation));
            quality.Add(gate.JudgeRun(counts[^1], fields));
            // The other datasets are judged too, so that all that blocks is told at once; files would be written for nothing.
            if (!Blocks(quality))
                Append(database, dataset.Silver.Definition, dataset.Silver.ToWrite("from new_version"), writes);
            dataset.Clear();
        }

        if (Blocks(quality))
            Refuse(request.RunId, scope, quality, "finks cleanse");
        Append(database, SilverColumns.QuarantineTable(_lake.Paths.SilverPath), "select * from quarantined", writes);
        var committed = Commit(request, scope, [.. work.SelectMany(w => w.Batches)], writes, counts, quality);
        return new CleanseReport(committed, counts, [.. quality.SelectMany(q => q.Results)]);
    }

    internal const string QuarantinedTable = """
        create table quarantined (dataset varchar, contract_version varchar, reasons varchar[], raw_row varchar, known_from timestamptz,
            bronze_batch bigint, bronze_line integer, bronze_row integer, attempt integer, released boolean)
        """;

    internal static bool Blocks(IEnumerable<DatasetQuality> quality) => quality.Any(q => q.Results.Any(r => r.Blocks));

    /// <summary>Keeps the results, which no commit will carry, and says why.</summary>
    [DoesNotReturn]
    internal void Refuse(string runId, GateScope scope, IReadOnlyList<DatasetQuality> quality, string command)
    {
        _lake.Database.Write(tx => QualityLedger.Record(tx, runId, null, scope.Now, quality));
        throw new CleanseException(GateReport.Explain(quality.SelectMany(q => q.Results), command));
    }

    private IReadOnlyList<BronzeBatch> Unread(Contract contract, long through) =>
        [.. _bronze.Unconsumed(contract.Source.Source, contract.Dataset).Where(b => b.Id <= through)];

    private void Append(DuckDBConnection database, TableDefinition table, string select, List<TableWrite> writes)
    {
        var files = _lake.Writer.Write(database, table, select, new FileNaming(table.Name, _lake.Ids));
        if (files.Count > 0)
            writes.Add(new TableWrite(table, WriteMode.Append, files));
    }

    private long Commit(
        CleanseRequest request, GateScope scope, IReadOnlyList<BronzeBatch> batches, IReadOnlyList<TableWrite> writes, IReadOnlyList<DatasetCounts> counts, IReadOnlyList<DatasetQuality> quality)
    {
        void Record(LedgerTransaction tx, long snapshot)
        {
            Tick(tx, snapshot, batches);
            Count(tx, request.RunId, snapshot, counts);
            QualityLedger.Record(tx, request.RunId, snapshot, scope.Now, quality);
        }

        // What is new was found out against the snapshot read. Rows that another process has added since may be the very same.
        IReadOnlyList<TableName> reads = [.. counts.Select(c => new TableName(SilverColumns.Schema, c.Dataset))];
        if (writes.Count == 0)
        {
            // Nothing new to say: the batches are ticked off, and readers keep their snapshot.
            _lake.WriteLedger(scope.Snapshot, reads, tx => Record(tx, scope.Snapshot.Id));
            return scope.Snapshot.Id;
        }

        return _lake.Commit(new LakeCommit
        {
            IdempotencyKey = "cleanse/" + Fingerprint(batches),
            Author = "finks cleanse",
            Message = $"{counts.Sum(c => c.New):N0} new rows in {counts.Count} datasets",
            Basis = scope.Snapshot,
            Reads = reads,
            Writes = writes,
            Extra = new Dictionary<string, string> { ["run_id"] = request.RunId },
            Ledger = tx =>
            {
                MaskingSalt.Bind(tx, request.Contracts, request.Masking, _lake.Paths.Environment);
                Record(tx, tx.SnapshotId!.Value);
            },
        }).Snapshot.Id;
    }

    private static void Tick(LedgerTransaction tx, long snapshot, IReadOnlyList<BronzeBatch> batches)
    {
        foreach (var batch in batches)
        {
            // The check and the insert are in one transaction with the rows: no batch is ever read into Silver twice.
            if (tx.Execute("insert into finks_bronze_consumed (batch_id, snapshot_id) values (@batch, @snapshot) on conflict do nothing", ("batch", batch.Id), ("snapshot", snapshot)) == 0)
                throw new ConflictException($"Another process has read Bronze batch {batch.Id} into Silver meanwhile, so this one commits nothing. Run the command again for the rest.");
        }
    }

    private static void Count(LedgerTransaction tx, string runId, long snapshot, IReadOnlyList<DatasetCounts> counts)
    {
        foreach (var c in counts)
        {
            tx.Execute(
                "insert into finks_cleanse_count values (@run, @dataset, @snapshot, @replies, @in, @new, @repeated, @quarantined, @withdrawn)",
                ("run", runId), ("dataset", c.Dataset), ("snapshot", snapshot), ("replies", c.Replies), ("in", c.RowsIn), ("new", c.New),
                ("repeated", c.Repeated), ("quarantined", c.Quarantined), ("withdrawn", c.Withdrawn));
        }
    }

    private static string Fingerprint(IReadOnlyList<BronzeBatch> batches) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', batches.Select(b => b.Sha256).Order(StringComparer.Ordinal)))));
}
