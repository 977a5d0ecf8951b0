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
    public IReadOnlyDictionary<string, SymbolCoverage> Load(Contract contract) => _lake.Database.Read(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            select c.symbol, c.parameter_set, c.window_from, c.window_to, c.current_through, c.outcome,
                   (select max(latest_date) from finks_coverage r where r.source = c.source and r.dataset = $rewritten_by and r.symbol = c.symbol)
            from finks_coverage c where c.source = $source and c.dataset = $dataset
            """;
        command.Parameters.AddWithValue("$source", contract.Source.Source);
        command.Parameters.AddWithValue("$dataset", contract.Dataset);
        command.Parameters.AddWithValue("$rewritten_by", contract.Source.RewrittenBy ?? "");
        using var reader = command.ExecuteReader();
        var cells = new List<(string Symbol, int Set, CoveredWindow Window, DateOnly? RewrittenOn)>();
        while (reader.Read())
        {
            var range = new DateRange(DateOnly.Parse(reader.GetString(2)), DateOnly.Parse(reader.GetString(3)));
            var window = new CoveredWindow(range, DateOnly.Parse(reader.GetString(4)), reader.GetString(5) == nameof(ReplyOutcome.Rows));
            cells.Add((reader.GetString(0), reader.GetInt32(1), window, reader.IsDBNull(6) ? null : DateOnly.Parse(reader.GetString(6))));
        }

        return cells.GroupBy(c => c.Symbol).ToDictionary(
            g => g.Key,
            g => new SymbolCoverage { Windows = g.ToLookup(c => c.Set, c => c.Window), RewrittenOn = g.First().RewrittenOn });
    });

    /// <summary>Records what a reply covers, or what is wrong with it, in the transaction that registers its batch.</summary>
    /// <param name="covers">The dates covered; null when the reply covers nothing.</param>
    /// <param name="latestDate">The newest date in the reply, where it matters to another dataset.</param>
    internal static void Record(LedgerTransaction tx, long batch, int line, PlannedRequest planned, FmpReply reply, DateRange? covers, DateOnly? latestDate, string runId)
    {
        if (covers is { } window)
        {
            tx.Execute("""
                insert or replace into finks_coverage (source, dataset, symbol, parameter_set, window_from, window_to, current_through, outcome, latest_date, batch_id, line)
                values ($source, $dataset, $symbol, $set, $from, $to, $through, $outcome, $latest, $batch, $line)
                """,
                ("source", planned.Contract.Source.Source), ("dataset", planned.Contract.Dataset), ("symbol", planned.Symbol), ("set", planned.ParameterSet),
                ("from", Text(window.From)), ("to", Text(window.To)), ("through", Text(planned.CurrentThrough)), ("outcome", reply.Outcome.ToString()),
                ("latest", latestDate is { } date ? Text(date) : null), ("batch", batch), ("line", line));
        }

        if (reply.Outcome is ReplyOutcome.Rows or ReplyOutcome.Empty)
            return;
        tx.Execute("""
            insert into finks_reply_problem (batch_id, line, dataset, symbol, outcome, message, fetched_at, run_id)
            values ($batch, $line, $dataset, $symbol, $outcome, $message, $fetched_at, $run_id)
            """,
            ("batch", batch), ("line", line), ("dataset", planned.Contract.Dataset), ("symbol", planned.Symbol), ("outcome", reply.Outcome.ToString()),
            ("message", reply.Message ?? ""), ("fetched_at", UtcText.From(reply.FetchedAt)), ("run_id", runId));
    }

    private static string Text(DateOnly date) => date.ToString("yyyy-MM-dd");
}
