using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using DuckDB.NET.Data;
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

    /// <summary>Threads for parsing and for DuckDB. Default: the processor count.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>The share of a dataset's rows that may be refused before the commit is blocked. Default 0.2; at least 20 rows must be refused.</summary>
    public double QuarantineLimit { get; init; } = 0.2;
}

/// <summary>Turns the Bronze batches that no Silver commit has read into Silver rows: one snapshot for all datasets.</summary>
public sealed class Cleanser
{
    private const int FewestRefusedRowsThatBlock = 20;

    private readonly DataLake _lake;
    private readonly BronzeStore _bronze;

    /// <summary>Opens the ledgers, and creates their tables in a new lake.</summary>
    public Cleanser(DataLake lake, BronzeStore bronze)
    {
        (_lake, _bronze) = (lake, bronze);
        lake.Database.EnsureTables("cleansing", 1, EmbeddedSql.Read(Assembly.GetExecutingAssembly(), "cleansing-tables.sql"));
    }

    /// <summary>Reads, checks and commits. Run twice, or by two processes at once, it commits each batch once.</summary>
    /// <exception cref="CleanseException">Too many rows were refused, or rows do not add up; nothing was committed.</exception>
    /// <exception cref="ConflictException">Other processes came first every time.</exception>
    public CleanseReport Run(CleanseRequest request, IProgress<string> progress, CancellationToken cancellation) =>
        ConflictException.Retry(() => RunOnce(request, progress, cancellation));

    private CleanseReport RunOnce(CleanseRequest request, IProgress<string> progress, CancellationToken cancellation)
    {
        // The snapshot first: batches read since then by others make the commit fail, never the other way round.
        var snapshot = _lake.CurrentSnapshot();
        var work = request.Contracts
            .Select(contract => (Contract: contract, Batches: _bronze.Unconsumed(contract.Source.Source, contract.Dataset)))
            .Where(w => w.Batches.Count > 0).ToList();
        if (work.Count == 0)
            return new CleanseReport(null, []);

        using var scratch = ScratchDatabase.Open(_lake, request.Threads);
        var database = scratch.Connection;
        database.Execute("create table quarantined (dataset varchar, contract_version varchar, reasons varchar[], raw_row varchar, known_from timestamptz, bronze_batch bigint, bronze_line integer, bronze_row integer)");

        var writes = new List<TableWrite>();
        var counts = new List<DatasetCounts>();
        foreach (var (contract, batches) in work)
        {
            progress.Report(contract.Dataset);
            var dataset = new DatasetCleansing(contract, batches, _lake, snapshot, database, request);
            counts.Add(dataset.Resolve(cancellation));
            Append(database, SilverColumns.TableOf(contract, _lake.Paths.SilverPath), "select * from new_version", writes);
            dataset.Clear();
        }

        Append(database, SilverColumns.QuarantineTable(_lake.Paths.SilverPath), "select * from quarantined", writes);
        counts.ForEach(c => CheckLimit(c, request.QuarantineLimit));
        return new CleanseReport(Commit(request, snapshot, [.. work.SelectMany(w => w.Batches)], writes, counts), counts);
    }

    private void Append(DuckDBConnection database, TableDefinition table, string select, List<TableWrite> writes)
    {
        var files = _lake.Writer.Write(database, table, select, new FileNaming(table.Name, _lake.Ids));
        if (files.Count > 0)
            writes.Add(new TableWrite(table, WriteMode.Append, files));
    }

    private long Commit(CleanseRequest request, Snapshot basis, IReadOnlyList<BronzeBatch> batches, IReadOnlyList<TableWrite> writes, IReadOnlyList<DatasetCounts> counts)
    {
        if (writes.Count == 0)
        {
            // Nothing new to say: the batches are ticked off, and readers keep their snapshot.
            _lake.Database.Write(tx => Record(tx, request.RunId, basis, basis.Id, batches, counts));
            return basis.Id;
        }

        return _lake.Commit(new LakeCommit
        {
            IdempotencyKey = "cleanse/" + Fingerprint(batches),
            Author = "finks cleanse",
            Message = $"{counts.Sum(c => c.New):N0} new rows in {counts.Count} datasets",
            Writes = writes,
            Extra = new Dictionary<string, string> { ["run_id"] = request.RunId },
            Ledger = tx => Record(tx, request.RunId, basis, tx.SnapshotId!.Value, batches, counts),
        }).Snapshot.Id;
    }

    private static void Record(LedgerTransaction tx, string runId, Snapshot basis, long snapshot, IReadOnlyList<BronzeBatch> batches, IReadOnlyList<DatasetCounts> counts)
    {
        // What is new was found out against the snapshot read. Rows that another process has added since may be the very same.
        if (tx.Scalar<long?>("select max(snapshot_id) from finks_cleanse_count") > basis.Id)
            throw new ConflictException("Another process has added rows to Silver meanwhile, so this one commits nothing. Run the command again.");
        foreach (var batch in batches)
        {
            // The check and the insert are in one transaction with the rows: no batch is ever read into Silver twice.
            if (tx.Execute("insert or ignore into finks_bronze_consumed (batch_id, snapshot_id) values ($batch, $snapshot)", ("batch", batch.Id), ("snapshot", snapshot)) == 0)
                throw new ConflictException($"Another process has read Bronze batch {batch.Id} into Silver meanwhile, so this one commits nothing. Run the command again for the rest.");
        }

        foreach (var c in counts)
        {
            tx.Execute(
                "insert into finks_cleanse_count values ($run, $dataset, $snapshot, $replies, $in, $new, $repeated, $quarantined, $withdrawn)",
                ("run", runId), ("dataset", c.Dataset), ("snapshot", snapshot), ("replies", c.Replies), ("in", c.RowsIn), ("new", c.New),
                ("repeated", c.Repeated), ("quarantined", c.Quarantined), ("withdrawn", c.Withdrawn));
            foreach (var field in c.UnknownFields)
                tx.Execute("insert or ignore into finks_unknown_field values ($dataset, $field, $run)", ("dataset", c.Dataset), ("field", field), ("run", runId));
        }
    }

    private static void CheckLimit(DatasetCounts counts, double limit)
    {
        if (counts.Quarantined < FewestRefusedRowsThatBlock || counts.Quarantined <= counts.RowsIn * limit)
            return;
        var reasons = string.Join("\n", counts.Reasons.Select(r => $"  {r.Rows:N0} × {r.Reason} (first: batch {r.BronzeBatch}, line {r.BronzeLine}, row {r.BronzeRow})"));
        throw new CleanseException(
            $"{counts.Dataset}: {counts.Quarantined:N0} of {counts.RowsIn:N0} rows break the contract, more than {limit:P0}, so nothing was committed and the last snapshot stays.\n{reasons}\n"
            + "The replies are kept in Bronze. Mend the contract if the source has changed, then run `finks cleanse` again; or accept the rows into quarantine with `finks cleanse --quarantine-limit 1`.");
    }

    private static string Fingerprint(IReadOnlyList<BronzeBatch> batches) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', batches.Select(b => b.Sha256).Order(StringComparer.Ordinal)))));
}
