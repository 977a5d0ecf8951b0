using System.Data.Common;
using Finks.Cleansing.Quality;
using Finks.Lake;
using Finks.Orchestration.Runs;
using Finks.Pipelines.Gold;

namespace Finks.Pipelines.Reading;

/// <summary>A table of the lake as one point in time has it.</summary>
public sealed record TableStatus(string Zone, string Table, long Rows, int Files, long Bytes);

/// <summary>A reply that brought no data and has not been answered better since.</summary>
public sealed record OpenProblem(string Dataset, string Symbol, string Outcome, string Message, string FetchedAt, long BronzeBatch, int BronzeLine);

/// <summary>What a person who looks after the lake wants to see at a glance.</summary>
public sealed class LakeStatus(Workspace workspace)
{
    /// <summary>The snapshot that <see cref="Tables"/> describes.</summary>
    public Snapshot SnapshotAt(PointInTime? at) => at?.SnapshotIn(workspace.Lake) ?? workspace.Lake.CurrentSnapshot();

    /// <summary>Replies and bytes in Bronze, rows in Silver and Gold.</summary>
    /// <param name="at">Null for now.</param>
    public IReadOnlyList<TableStatus> Tables(PointInTime? at = null)
    {
        var now = SnapshotAt(at);
        var bronze = (at is null ? workspace.Bronze.All() : workspace.Bronze.ReceivedBy(at.TimeIn(workspace.Lake))).GroupBy(b => b.Dataset)
            .Select(g => new TableStatus("bronze", g.Key, g.Sum(b => b.Replies), g.Count(), g.Sum(b => b.FileBytes)));
        var committed = workspace.Lake.Tables(now).Select(t =>
        {
            var files = workspace.Lake.Files(t, now);
            return new TableStatus(t.Schema, t.Name, files.Sum(f => f.Rows), files.Count, files.Sum(f => f.Bytes));
        });
        return [.. bronze.OrderBy(t => t.Table, StringComparer.Ordinal), .. committed.OrderBy(t => t.Zone == GoldPublisher.Schema).ThenBy(t => t.Table, StringComparer.Ordinal)];
    }

    /// <summary>Bronze batches that no Silver commit has read.</summary>
    public int UnreadBatches() => workspace.Contracts.Contracts.Sum(c => workspace.Bronze.Unconsumed(c.Source.Source, c.Dataset).Count);

    /// <summary>Replies without data for which no later answer is recorded, newest first.</summary>
    public IReadOnlyList<OpenProblem> OpenProblems(int count) => Query("""
        select p.dataset, p.symbol, p.outcome, p.message, p.fetched_at, p.batch_id, p.line from finks_reply_problem p
        where not exists (select 1 from finks_coverage c join finks_bronze_batch b on b.batch_id = c.batch_id
                          where c.dataset = p.dataset and c.symbol = p.symbol and c.outcome in ('Rows', 'Empty') and b.last_fetched_at > p.fetched_at)
        order by p.fetched_at desc, p.batch_id, p.line limit @count
        """,
        reader => new OpenProblem(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetInt64(5), reader.GetInt32(6)),
        count);

    /// <summary>Fields that have left their contracts and not come back, newest first.</summary>
    public IReadOnlyList<RecordedDrift> Drifts() => workspace.Cleanser.Quality.Drifts();

    /// <summary>The latest runs that had begun, newest first.</summary>
    public IReadOnlyList<FlowRun> Runs(int count, PointInTime? at = null) => workspace.Runs.Latest(count, at?.TimeIn(workspace.Lake));

    /// <summary>Portfolios with their newest day, for the summary that people look at first.</summary>
    public IReadOnlyList<PortfolioStatus> Portfolios(int historyDays)
    {
        var now = workspace.Lake.CurrentSnapshot();
        if (workspace.Lake.FindTable(GoldPublisher.Schema, "daily_portfolio_summary", now) is not { } table)
            return [];
        using var connection = DuckDb.OpenInMemory();
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            select portfolio_id, max(date), arg_max(positions, date), arg_max(market_value, date), arg_max(daily_return, date), arg_max(cumulative_return, date),
                   list(market_value order by date)[-{historyDays}:], arg_max(unpriced_positions, date)
            from ({workspace.Lake.ReadSql(table, now)}) group by portfolio_id order by portfolio_id
            """;
        using var reader = command.ExecuteReader();
        var portfolios = new List<PortfolioStatus>();
        while (reader.Read())
        {
            portfolios.Add(new PortfolioStatus(
                reader.GetString(0),
                DateOnly.FromDateTime(reader.GetDateTime(1)),
                reader.GetInt32(2),
                reader.IsDBNull(3) ? null : reader.GetDouble(3),
                reader.IsDBNull(4) ? null : reader.GetDouble(4),
                reader.IsDBNull(5) ? null : reader.GetDouble(5),
                reader.GetFieldValue<List<double?>>(6),
                reader.GetInt32(7)));
        }

        return portfolios;
    }

    private IReadOnlyList<T> Query<T>(string sql, Func<DbDataReader, T> row, int count) =>
        workspace.Lake.Database.Read(reader => reader.Query(sql, row, ("count", count)));
}

/// <summary>A portfolio's newest day. Returns are fractions; the value is null when a holding has no price.</summary>
public sealed record PortfolioStatus(string PortfolioId, DateOnly Date, int Positions, double? MarketValue, double? DailyReturn, double? CumulativeReturn, IReadOnlyList<double?> Values, int UnpricedPositions);
