using System.Security.Cryptography;
using System.Text;
using DuckDB.NET.Data;
using Finks.Cleansing.Privacy;
using Finks.Cleansing.Quality;
using Finks.Contracts;
using Finks.Lake;
using Finks.Lake.Bronze;
using Finks.Lake.Files;

namespace Finks.Cleansing.Quarantine;

/// <summary>
/// Cleanses the rows of quarantine again, from the bytes in Bronze, under the contracts of now. Those that pass become versions in Silver with
/// the time at which they were received, and are marked released by the same commit; the others keep their newest reasons.
/// </summary>
/// <remarks>
/// A reply that was received later and did not hold a released row's key has proved nothing about it, as the key was not known; the next
/// complete reply without it withdraws it.
/// </remarks>
public sealed class QuarantineReplay(DataLake lake, BronzeStore bronze, Cleanser cleanser, TimeProvider clock)
{
    /// <summary>Replays all open rows. Run twice, or by two processes at once, it releases each row once.</summary>
    /// <exception cref="CleanseException">A rule of a contract blocks the commit, or rows do not add up; nothing was committed.</exception>
    /// <exception cref="ConflictException">Other processes came first every time.</exception>
    public ReplayReport Run(ReplayRequest request, IProgress<string> progress, CancellationToken cancellation) =>
        ConflictException.Retry(() => RunOnce(request, progress, cancellation));

    private ReplayReport RunOnce(ReplayRequest request, IProgress<string> progress, CancellationToken cancellation)
    {
        var snapshot = lake.CurrentSnapshot();
        if (QuarantineRows.NewestVerdicts(lake, snapshot) is not { } verdicts)
            return new ReplayReport(null, [], []);
        using var scratch = ScratchDatabase.Open(lake, request.Threads);
        var database = scratch.Connection;
        database.Execute($"{Cleanser.QuarantinedTable}; create table open_row as select * from ({verdicts}) where not released; create table verdict as from open_row limit 0");

        var scope = new GateScope(lake, snapshot, clock.GetUtcNow(), request.Accepted, request.Masking);
        var counts = new List<ReplayCounts>();
        var quality = new List<DatasetQuality>();
        var writes = new List<TableWrite>();
        foreach (var contract in request.Contracts)
        {
            var open = OpenRows(database, contract.Dataset);
            if (open.Count == 0)
                continue;
            progress.Report(contract.Dataset);
            var dataset = new DatasetCleansing(Alone(contract), Batches(open), lake, bronze, snapshot, database, request.Threads, request.Masking) { Only = open };
            var gate = new DatasetGate(scope, cleanser.Quality, contract, database);
            var resolved = dataset.Resolve(gate, out _, cancellation);
            quality.Add(gate.JudgeReplay());
            counts.Add(Settle(database, contract, resolved, open.Values.Sum(rows => (long)rows.Count)));
            if (!request.DryRun && !Cleanser.Blocks(quality))
                Append(database, dataset.Silver.Definition, dataset.Silver.ToWrite("from new_version"), writes);
            dataset.Clear();
        }

        var checks = quality.SelectMany(q => q.Results).ToList();
        if (request.DryRun)
            return new ReplayReport(null, counts, checks);
        // What a rule finds in a handful of rows says nothing about the dataset unless it fails.
        var failed = quality.ConvertAll(q => q with { Results = [.. q.Results.Where(r => r.Outcome is CheckOutcome.Failed or CheckOutcome.Accepted)] });
        if (Cleanser.Blocks(quality))
            cleanser.Refuse(request.RunId, scope, failed, "finks quarantine replay");
        Append(database, SilverColumns.QuarantineTable(lake.Paths.SilverPath), "select * from verdict", writes);
        return new ReplayReport(writes.Count == 0 ? null : Commit(request, scope, Fingerprint(database), writes, counts, failed), counts, checks);
    }

    // Single rows of a reply prove nothing about the keys that they lack.
    private static Contract Alone(Contract contract) => contract with { CompleteWithin = null };

    private static Dictionary<(long Batch, int Line), IReadOnlySet<int>> OpenRows(DuckDBConnection database, string dataset)
    {
        using var command = database.CreateCommand();
        command.CommandText = $"select bronze_batch, bronze_line, bronze_row from open_row where dataset = {SqlText.Literal(dataset)}";
        using var reader = command.ExecuteReader();
        var rows = new List<(long Batch, int Line, int Row)>();
        while (reader.Read())
            rows.Add((reader.GetInt64(0), reader.GetInt32(1), reader.GetInt32(2)));
        return rows.GroupBy(r => (r.Batch, r.Line)).ToDictionary(g => g.Key, g => (IReadOnlySet<int>)g.Select(r => r.Row).ToHashSet());
    }

    private List<BronzeBatch> Batches(Dictionary<(long Batch, int Line), IReadOnlySet<int>> open) =>
    [
        .. open.Keys.Select(k => k.Batch).Distinct().Order().Select(id => bronze.Find(id)
            ?? throw new LakeException($"Bronze batch {id}, which quarantined rows come from, is not registered. `finks lake check` tells what is missing.")),
    ];

    private static ReplayCounts Settle(DuckDBConnection database, Contract contract, DatasetCounts resolved, long open)
    {
        if (resolved.RowsIn != open)
        {
            throw new CleanseException(
                $"{contract.Dataset}: {open} rows are in quarantine, but Bronze gave {resolved.RowsIn}. Nothing was committed. "
                + "`finks lake check` tells whether a Bronze file has changed; otherwise this is a defect of Finks: please report it.");
        }

        var dataset = SqlText.Literal(contract.Dataset);
        var version = SqlText.Literal(contract.Version);
        var changed = "o.reasons is distinct from r.reasons";
        database.Execute($"""
            insert into verdict
            select o.dataset, {version}, r.reasons, o.raw_row, o.known_from, o.bronze_batch, o.bronze_line, o.bronze_row, o.attempt + 1, false
            from open_row o join rejected r using (bronze_batch, bronze_line, bronze_row) where {changed}
            union all
            select o.dataset, {version}, []::varchar[], o.raw_row, o.known_from, o.bronze_batch, o.bronze_line, o.bronze_row, o.attempt + 1, true
            from open_row o anti join rejected using (bronze_batch, bronze_line, bronze_row) where o.dataset = {dataset}
            """);
        return new ReplayCounts(
            contract.Dataset, open, resolved.New, resolved.Repeated, resolved.Quarantined,
            database.Scalar<long>($"select count(*) from verdict where dataset = {dataset} and not released"), resolved.Reasons);
    }

    private void Append(DuckDBConnection database, TableDefinition table, string select, List<TableWrite> writes)
    {
        var files = lake.Writer.Write(database, table, select, new FileNaming(table.Name, lake.Ids));
        if (files.Count > 0)
            writes.Add(new TableWrite(table, WriteMode.Append, files));
    }

    private long Commit(ReplayRequest request, GateScope scope, string fingerprint, IReadOnlyList<TableWrite> writes, IReadOnlyList<ReplayCounts> counts, IReadOnlyList<DatasetQuality> failed)
    {
        var result = lake.Commit(new LakeCommit
        {
            IdempotencyKey = $"replay/{fingerprint}",
            Author = "finks quarantine replay",
            Message = $"{counts.Sum(c => c.New + c.Repeated):N0} of {counts.Sum(c => c.Open):N0} rows released from quarantine",
            Basis = scope.Snapshot,
            Reads = [.. counts.Select(c => c.Dataset).Append(SilverColumns.Quarantine).Select(t => new TableName(SilverColumns.Schema, t))],
            Writes = writes,
            Extra = new Dictionary<string, string> { ["run_id"] = request.RunId },
            Ledger = tx =>
            {
                MaskingSalt.Bind(tx, request.Contracts, request.Masking, lake.Paths.Environment);
                foreach (var c in counts)
                {
                    tx.Execute(
                        "insert into finks_replay_count values (@run, @dataset, @snapshot, @in, @new, @repeated, @refused)",
                        ("run", request.RunId), ("dataset", c.Dataset), ("snapshot", tx.SnapshotId), ("in", c.Open), ("new", c.New), ("repeated", c.Repeated), ("refused", c.Refused));
                }

                QualityLedger.Record(tx, request.RunId, tx.SnapshotId, scope.Now, failed);
            },
        });
        return result.AlreadyCommitted
            ? throw new ConflictException("Another process has replayed the same rows meanwhile, so this one commits nothing. Run the command again.")
            : result.Snapshot.Id;
    }

    // Verdicts carry the attempt, so no two replays that change something have the same ones.
    private static string Fingerprint(DuckDBConnection database)
    {
        using var command = database.CreateCommand();
        command.CommandText = "select bronze_batch, bronze_line, bronze_row, attempt, released from verdict order by all";
        using var reader = command.ExecuteReader();
        var text = new StringBuilder();
        while (reader.Read())
            text.Append($"{reader.GetInt64(0)}/{reader.GetInt32(1)}/{reader.GetInt32(2)}/{reader.GetInt32(3)}/{reader.GetBoolean(4)}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
