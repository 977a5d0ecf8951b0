using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Text;
using DuckDB.NET.Data;
using Finks.Contracts;
using Finks.Lake;
using Finks.Lake.Bronze;

namespace Finks.Cleansing;

/// <summary>
/// Parses the replies of Bronze batches into two tables of an in-memory DuckDB:
/// <c>staged</c> with the rows that keep their contract and <c>rejected</c> with those that do not.
/// </summary>
internal sealed class Staging(Contract contract, DuckDBConnection database)
{
    private readonly ConcurrentDictionary<string, byte> _unknownFields = new();
    private long _rows;

    /// <summary>Rows found in the replies, good and bad.</summary>
    public long Rows => _rows;

    /// <summary>Fields of the replies that the contract does not know.</summary>
    public IReadOnlyList<string> UnknownFields => [.. _unknownFields.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Fills both tables. Batches are read side by side, so rows come in no order.</summary>
    public void Fill(IReadOnlyList<BronzeBatch> batches, int threads, CancellationToken cancellation)
    {
        database.Execute($"""
            create or replace table staged ({string.Join(", ", contract.Columns.Select(c => $"\"{c.Name}\" {c.Type.DuckDbName}"))},
                known_from timestamptz, bronze_batch bigint, bronze_line integer, bronze_row integer);
            create or replace table rejected (reasons varchar[], raw_row varchar, known_from timestamptz, bronze_batch bigint, bronze_line integer, bronze_row integer);
            """);
        try
        {
            ReadSideBySide(batches, threads, cancellation);
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
    }

    private void ReadSideBySide(IReadOnlyList<BronzeBatch> batches, int threads, CancellationToken cancellation) =>
        Parallel.ForEach(
            batches,
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation },
            () => new Worker(contract, database),
            (batch, _, worker) =>
            {
                Interlocked.Add(ref _rows, worker.Stage(batch, cancellation));
                return worker;
            },
            worker =>
            {
                foreach (var field in worker.UnknownFields)
                    _unknownFields.TryAdd(field, 0);
                worker.Dispose();
            });

    private sealed class Worker(Contract contract, DuckDBConnection database) : IDisposable
    {
        private readonly ReplyRows _rows = new(contract);
        private readonly DuckDBConnection _connection = Opened(database.Duplicate());

        public IReadOnlyCollection<string> UnknownFields => _rows.UnknownFields;

        public long Stage(BronzeBatch batch, CancellationToken cancellation)
        {
            var count = 0L;
            using var staged = _connection.CreateAppender("staged");
            using var rejected = _connection.CreateAppender("rejected");
            using var reading = Opened(database.Duplicate());
            foreach (var (line, reply) in BronzeReader.Read(reading, batch, "outcome = 'Rows'"))
            {
                cancellation.ThrowIfCancellationRequested();
                count += _rows.Read(reply.Body, (row, reasons, raw) =>
                {
                    if (reasons.Count == 0)
                        AppendStaged(staged.CreateRow(), reply, batch, line, row);
                    else
                        AppendRejected(rejected.CreateRow(), reasons, raw, reply, batch, line, row);
                });
            }

            return count;
        }

        public void Dispose() => _connection.Dispose();

        private void AppendStaged(IDuckDBAppenderRow target, ReceivedReply reply, BronzeBatch batch, int line, int row)
        {
            foreach (var cell in _rows.Cells)
                cell.AppendTo(target);
            target.AppendValue(reply.FetchedAt.UtcDateTime).AppendValue(batch.Id).AppendValue(line).AppendValue(row).EndRow();
        }

        private static void AppendRejected(IDuckDBAppenderRow target, IReadOnlyList<string> reasons, ReadOnlySpan<byte> raw, ReceivedReply reply, BronzeBatch batch, int line, int row) =>
            target.AppendValue(reasons.ToList()).AppendValue(Encoding.UTF8.GetString(raw)).AppendValue(reply.FetchedAt.UtcDateTime)
                .AppendValue(batch.Id).AppendValue(line).AppendValue(row).EndRow();

        private static DuckDBConnection Opened(DuckDBConnection connection)
        {
            connection.Open();
            return connection;
        }
    }
}
