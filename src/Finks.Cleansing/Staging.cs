using System.Runtime.ExceptionServices;
using DuckDB.NET.Data;
using Finks.Cleansing.Privacy;
using Finks.Contracts;
using Finks.Lake;
using Finks.Lake.Bronze;
using Finks.Lake.Storage;

namespace Finks.Cleansing;

/// <summary>
/// Parses the replies of Bronze batches into two tables of an in-memory DuckDB:
/// <c>staged</c> with the rows that keep their contract and <c>rejected</c> with those that do not.
/// </summary>
/// <param name="key">Hashes personal data: nothing of it reaches the tables.</param>
internal sealed class Staging(Contract contract, DuckDBConnection database, MaskingKey? key)
{
    private readonly Lock _merging = new();
    private long _rows;

    /// <summary>Rows found in the replies, good and bad.</summary>
    public long Rows => _rows;

    /// <summary>What the rows have shown of their fields.</summary>
    public FieldTallies Fields { get; } = new(contract.Columns.Count);

    /// <summary>The only rows to read, by batch and line; null for all.</summary>
    public IReadOnlyDictionary<(long Batch, int Line), IReadOnlySet<int>>? Only { get; init; }

    /// <summary>Fills both tables. Batches are read side by side, so rows come in no order.</summary>
    public void Fill(ZoneStore store, IReadOnlyList<BronzeBatch> batches, int threads, CancellationToken cancellation)
    {
        database.Execute($"""
            create or replace table staged ({string.Join(", ", contract.Columns.Select(c => $"\"{c.Name}\" {c.StoredType.DuckDbName}"))},
                known_from timestamptz, bronze_batch bigint, bronze_line integer, bronze_row integer);
            create or replace table rejected (reasons varchar[], raw_row varchar, known_from timestamptz, bronze_batch bigint, bronze_line integer, bronze_row integer);
            """);
        try
        {
            ReadSideBySide(store, batches, threads, cancellation);
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
    }

    private void ReadSideBySide(ZoneStore store, IReadOnlyList<BronzeBatch> batches, int threads, CancellationToken cancellation) =>
        Parallel.ForEach(
            batches,
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation },
            () => new Worker(contract, database, key, Only),
            (batch, _, worker) =>
            {
                Interlocked.Add(ref _rows, worker.Stage(store, batch, cancellation));
                return worker;
            },
            worker =>
            {
                lock (_merging)
                    Fields.Add(worker.Fields);
                worker.Dispose();
            });

    private sealed class Worker(Contract contract, DuckDBConnection database, MaskingKey? key, IReadOnlyDictionary<(long Batch, int Line), IReadOnlySet<int>>? only) : IDisposable
    {
        private readonly ReplyRows _rows = new(contract, key);
        private readonly PersonalRows _personal = new(contract, key);
        private readonly DuckDBConnection _connection = Opened(database.Duplicate());

        public FieldTallies Fields => _rows.Fields;

        public long Stage(ZoneStore store, BronzeBatch batch, CancellationToken cancellation)
        {
            var count = 0L;
            using var staged = _connection.CreateAppender("staged");
            using var rejected = _connection.CreateAppender("rejected");
            using var reading = Opened(database.Duplicate());
            foreach (var (line, reply) in BronzeReader.Read(reading, store, batch, Condition(batch)))
            {
                cancellation.ThrowIfCancellationRequested();
                var wanted = only?[(batch.Id, line)];
                _rows.Origin = (batch.Id, line);
                _rows.Read(reply.Body, (row, reasons, raw) =>
                {
                    if (wanted?.Contains(row) == false)
                        return;
                    count++;
                    if (reasons.Count == 0)
                        AppendStaged(staged.CreateRow(), reply, batch, line, row);
                    else
                        AppendRejected(rejected.CreateRow(), reasons, raw, reply, batch, line, row);
                });
            }

            return count;
        }

        public void Dispose() => _connection.Dispose();

        private string Condition(BronzeBatch batch) =>
            only is null ? "outcome = 'Rows'" : $"seq in ({string.Join(", ", only.Keys.Where(k => k.Batch == batch.Id).Select(k => k.Line).Order())})";

        private void AppendStaged(IDuckDBAppenderRow target, ReceivedReply reply, BronzeBatch batch, int line, int row)
        {
            foreach (var cell in _rows.Cells)
                cell.AppendTo(target);
            target.AppendValue(reply.FetchedAt.UtcDateTime).AppendValue(batch.Id).AppendValue(line).AppendValue(row).EndRow();
        }

        private void AppendRejected(IDuckDBAppenderRow target, IReadOnlyList<string> reasons, ReadOnlySpan<byte> raw, ReceivedReply reply, BronzeBatch batch, int line, int row) =>
            target.AppendValue(reasons.ToList()).AppendValue(_personal.Row(raw)).AppendValue(reply.FetchedAt.UtcDateTime)
                .AppendValue(batch.Id).AppendValue(line).AppendValue(row).EndRow();

        private static DuckDBConnection Opened(DuckDBConnection connection)
        {
            connection.Open();
            return connection;
        }
    }
}
