using System.Reflection;
using Finks.Contracts;
using Finks.Fmp;
using Finks.Ingestion.Planning;
using Finks.Lake;
using Finks.Lake.Bronze;
using Finks.Lake.Storage;

namespace Finks.Ingestion;

/// <summary>What has been asked for and answered, kept in the metadata database beside the Bronze register.</summary>
public sealed class CoverageLedger
{
    private readonly DataLake _lake;

    /// <summary>Opens the ledger, and creates its tables in a new lake.</summary>
    public CoverageLedger(DataLake lake)
    {
        _lake = lake;
        lake.Database.EnsureTables("coverage", 1, EmbeddedSql.Read(Assembly.GetExecutingAssembly(), "coverage-tables.sql"));
    }

    /// <summary>What has been answered for a dataset, by symbol. A symbol never asked for is absent.</summary>
    public IReadOnlyDictionary<string, SymbolCoverage> Load(Contract contract) => _lake.Database.Read(reader =>
    {
        var cells = reader.Query("""
            select c.symbol, c.parameter_set, c.window_from, c.window_to, c.current_through, c.outcome,
                   (select max(latest_date) from finks_coverage r where r.source = c.source and r.dataset = @rewritten_by and r.symbol = c.symbol)
            from finks_coverage c where c.source = @source and c.dataset = @dataset
            """,
            row =>
            {
                var range = new DateRange(DateOnly.Parse(row.GetString(2)), DateOnly.Parse(row.GetString(3)));
                var window = new CoveredWindow(range, DateOnly.Parse(row.GetString(4)), row.GetString(5) == nameof(ReplyOutcome.Rows));
                return (Symbol: row.GetString(0), Set: row.GetInt32(1), Window: window, RewrittenOn: row.Text(6) is { } date ? DateOnly.Parse(date) : (DateOnly?)null);
            },
            ("source", contract.Source.Source), ("dataset", contract.Dataset), ("rewritten_by", contract.Source.RewrittenBy ?? ""));

        return cells.GroupBy(c => c.Symbol).ToDictionary(
            g => g.Key,
            g => new SymbolCoverage { Windows = g.ToLookup(c => c.Set, c => c.Window), RewrittenOn = g.First().RewrittenOn });
    });

    /// <summary>Records what a stored reply says of itself, as it was recorded when it came in. A later reply of the same dates counts for more.</summary>
    /// <exception cref="LakeException">The reply's entry for the ledger cannot be read.</exception>
    public static void Restore(LedgerTransaction tx, long batch, BronzeOrigin origin, StoredReply stored)
    {
        try
        {
            Record(tx, batch, stored.Line, origin, stored.Reply, stored.Reply.LedgerEntry is { } entry ? CoverageEntry.Parse(entry) : null);
        }
        catch (System.Text.Json.JsonException error)
        {
            throw new LakeException($"Line {stored.Line} of Bronze batch {batch} says of itself '{stored.Reply.LedgerEntry}', which no ledger understands. Use the Finks that wrote it.", error);
        }
    }

    /// <summary>Records what a reply covers, or what is wrong with it, in the transaction that registers its batch.</summary>
    internal static void Record(LedgerTransaction tx, long batch, int line, BronzeOrigin origin, ReceivedReply reply, CoverageEntry? entry)
    {
        if (entry?.Covers is { } window)
        {
            tx.Execute("""
                insert into finks_coverage (source, dataset, symbol, parameter_set, window_from, window_to, current_through, outcome, latest_date, batch_id, line)
                values (@source, @dataset, @symbol, @set, @from, @to, @through, @outcome, @latest, @batch, @line)
                on conflict (source, dataset, symbol, parameter_set, window_from, window_to) do update set
                    current_through = excluded.current_through, outcome = excluded.outcome, latest_date = excluded.latest_date,
                    batch_id = excluded.batch_id, line = excluded.line
                where finks_coverage.batch_id <= excluded.batch_id
                """,
                ("source", origin.Source), ("dataset", origin.Dataset), ("symbol", reply.Subject), ("set", entry.ParameterSet),
                ("from", Text(window.From)), ("to", Text(window.To)), ("through", Text(entry.CurrentThrough)), ("outcome", reply.Outcome),
                ("latest", entry.Latest is { } date ? Text(date) : null), ("batch", batch), ("line", line));
        }

        if (reply.Outcome is nameof(ReplyOutcome.Rows) or nameof(ReplyOutcome.Empty))
            return;
        tx.Execute("""
            insert into finks_reply_problem (batch_id, line, dataset, symbol, outcome, message, fetched_at, run_id)
            values (@batch, @line, @dataset, @symbol, @outcome, @message, @fetched_at, @run_id)
            """,
            ("batch", batch), ("line", line), ("dataset", origin.Dataset), ("symbol", reply.Subject), ("outcome", reply.Outcome),
            ("message", reply.Message ?? ""), ("fetched_at", UtcText.From(reply.FetchedAt)), ("run_id", origin.RunId));
    }

    private static string Text(DateOnly date) => date.ToString("yyyy-MM-dd");
}
