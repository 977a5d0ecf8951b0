using DuckDB.NET.Data;
using Finks.Cleansing;
using Finks.Cleansing.Quarantine;
using Finks.Lake;

namespace Finks.Pipelines.Reading;

/// <summary>Rows in quarantine for one reason; a row with two reasons counts in both groups.</summary>
/// <param name="Reason">The reason of the first row; values in it differ from row to row.</param>
/// <param name="Since">When the first of them was received, UTC.</param>
public sealed record QuarantineGroup(string Dataset, string Reason, long Rows, DateTime Since, BronzePlace First, string Raw);

/// <summary>How many rows of a dataset are in quarantine, and how many were.</summary>
public sealed record QuarantineCount(string Dataset, long Open, long Released);

/// <summary>Rows that broke their contract, as they stand now.</summary>
public sealed class QuarantineView(Workspace workspace)
{
    private const string NoRows =
        "select null::varchar as dataset, null::varchar as contract_version, null::varchar[] as reasons, null::varchar as raw_row, null::timestamptz as known_from, "
        + "null::bigint as bronze_batch, null::integer as bronze_line, null::integer as bronze_row, null::integer as attempt, null::boolean as released limit 0";

    /// <summary>Counts by dataset; <paramref name="dataset"/> null means all.</summary>
    public IReadOnlyList<QuarantineCount> Counts(string? dataset) => Read(
        "select dataset, count(*) filter (not released), count(*) filter (released) from ({0}) group by dataset order by dataset", dataset,
        reader => new QuarantineCount(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2)));

    /// <summary>Open rows grouped by reason, the most frequent first.</summary>
    public IReadOnlyList<QuarantineGroup> Groups(string? dataset) => Read(
        """
        with refused as (
            select dataset, unnest(reasons) as reason, raw_row, known_from, struct_pack(batch := bronze_batch, line := bronze_line, place := bronze_row) as origin
            from ({0}) where not released
        )
        select dataset, arg_min(reason, origin), count(*) as refused_rows, min(known_from), min(origin).batch, min(origin).line, min(origin).place, arg_min(raw_row, origin)
        from refused group by dataset, regexp_replace(reason, '''.*''', '…') order by refused_rows desc, 1, 2
        """,
        dataset,
        reader => new QuarantineGroup(
            reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetDateTime(3),
            new BronzePlace(reader.GetInt64(4), reader.GetInt32(5), reader.GetInt32(6)), reader.GetString(7)));

    /// <summary>Opens the rows themselves, in the order of Bronze.</summary>
    /// <param name="also">Also those that a replay has released.</param>
    /// <param name="limit">Most rows; null for all.</param>
    public QuarantineRowSet Open(string? dataset, bool also, int? limit)
    {
        var connection = DuckDb.OpenInMemory();
        var command = connection.CreateCommand();
        command.CommandText = $"""
            select dataset, bronze_batch, bronze_line, bronze_row, known_from, contract_version, attempt, released, array_to_string(reasons, '; ') as reasons, raw_row
            from ({Verdicts()}) where (released = false or {(also ? "true" : "false")}) and ($dataset is null or dataset = $dataset)
            order by dataset, bronze_batch, bronze_line, bronze_row {(limit is { } most ? $"limit {most}" : "")}
            """;
        command.Parameters.Add(new DuckDBParameter("dataset", dataset));
        return new QuarantineRowSet(connection, command, command.ExecuteReader());
    }

    private string Verdicts() => QuarantineRows.NewestVerdicts(workspace.Lake, workspace.Lake.CurrentSnapshot()) ?? NoRows;

    private List<T> Read<T>(string sql, string? dataset, Func<DuckDBDataReader, T> row)
    {
        using var connection = DuckDb.OpenInMemory();
        using var command = connection.CreateCommand();
        command.CommandText = sql.Replace("{0}", $"select * from ({Verdicts()}) where $dataset is null or dataset = $dataset", StringComparison.Ordinal);
        command.Parameters.Add(new DuckDBParameter("dataset", dataset));
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(row(reader));
        return rows;
    }
}

/// <summary>Rows being read; dispose it to let go of its connection.</summary>
public sealed class QuarantineRowSet(DuckDBConnection connection, DuckDBCommand command, DuckDBDataReader reader) : IDisposable
{
    public DuckDBDataReader Reader => reader;

    public void Dispose()
    {
        reader.Dispose();
        command.Dispose();
        connection.Dispose();
    }
}
