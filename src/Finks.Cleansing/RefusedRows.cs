using DuckDB.NET.Data;
using Finks.Cleansing.Privacy;
using Finks.Lake.Bronze;

namespace Finks.Cleansing;

/// <summary>Rows that were parsed and are refused after all: their exact text is read from Bronze once more.</summary>
internal static class RefusedRows
{
    /// <summary>Adds rows to <c>rejected</c>, with why.</summary>
    public static void Append(DuckDBConnection database, BronzeStore bronze, IReadOnlyList<BronzeBatch> batches, PersonalRows personal, IEnumerable<(BronzePlace Place, string Reason)> refused)
    {
        using var appender = database.CreateAppender("rejected");
        foreach (var reply in refused.GroupBy(r => (r.Place.Batch, r.Place.Line)))
        {
            var stored = bronze.ReadReply(batches.Single(b => b.Id == reply.Key.Batch), reply.Key.Line).Reply;
            var raw = RawRows.Read(stored.Body, reply.Select(r => r.Place.Row).ToHashSet());
            foreach (var row in reply.GroupBy(r => r.Place))
            {
                appender.CreateRow().AppendValue(row.Select(r => r.Reason).ToList()).AppendValue(personal.Row(raw[row.Key.Row])).AppendValue(stored.FetchedAt.UtcDateTime)
                    .AppendValue(row.Key.Batch).AppendValue(row.Key.Line).AppendValue(row.Key.Row).EndRow();
            }
        }
    }
}
