using System.Globalization;
using Finks.Lake;
using Finks.Pipelines.Reading;
using Finks.Simulator;

namespace Finks.EndToEnd;

/// <summary><c>finks diff</c>: what has come, gone and been restated.</summary>
public sealed class DiffTests : IDisposable
{
    private static readonly DateOnly Until = new(2025, 12, 31);

    private readonly TemporaryFolder _folder = new();

    private string Home => _folder.File("lake");

    [Fact]
    public async Task A_restated_price_is_shown_with_what_was_and_what_is_in_Silver_and_in_Gold()
    {
        // The second market has other prices: the week that is asked for again comes back restated.
        var market = new SyntheticMarket(Until, seed: 1, symbols: 1, years: 1);
        await using var server = await SimulatorServer.StartAsync(new SimulatorOptions(), market.AsOf(Until.AddDays(-1)), new RealClock(), TestContext.Current.CancellationToken);
        Run(server, Until.AddDays(-1));
        var before = Now();
        server.Source = new SyntheticMarket(Until, seed: 2, symbols: 1, years: 1);
        Run(server, Until);

        var silver = Diff("silver.eod_price_raw", before);
        var gold = Diff("daily_returns", before);

        var was = Close(market, Until.AddDays(-1));
        var now = Close((SyntheticMarket)server.Source, Until.AddDays(-1));
        Assert.Contains(silver, line => line.StartsWith("changed,FKA01,2025-12-30,", StringComparison.Ordinal) && line.Contains($"close: {was}000000 → {now}000000", StringComparison.Ordinal));
        Assert.Equal("added,FKA01,2025-12-31,", Assert.Single(silver, line => line.StartsWith("added", StringComparison.Ordinal)));
        Assert.All(silver, line => Assert.DoesNotContain("known_from", line, StringComparison.Ordinal));
        Assert.Contains(gold, line => line.StartsWith("changed,FKA01,2025-12-30,", StringComparison.Ordinal));
        Assert.Contains(gold, line => line.StartsWith("added,FKA01,2025-12-31,", StringComparison.Ordinal));
        Assert.Empty(Diff("silver.eod_price_raw", Now()));
    }

    [Fact]
    public void Columns_that_came_or_changed_name_or_type_between_the_states_are_compared_all_the_same()
    {
        using var workspace = PipelineFixture.Open(PipelineFixture.Folders(Home));
        using var duckDb = DuckDb.OpenInMemory();
        void Commit(string select, params TableColumn[] columns)
        {
            var table = new TableDefinition("gold", "mart", workspace.Lake.Paths.GoldPath, "mart/", [new("id", "INTEGER"), .. columns], SortBy: [new("id")]);
            var files = workspace.Lake.Writer.Write(duckDb, table, select, new FileNaming("mart", workspace.Lake.Ids));
            workspace.Lake.Commit(new LakeCommit { IdempotencyKey = select, Author = "tests", Message = "rows", Writes = [new TableWrite(table, WriteMode.ReplaceAll, files)] });
        }

        Commit("select unnest([1, 2]) as id, 5::integer as price", new TableColumn("price", "INTEGER"));
        Commit("select unnest([1, 3]) as id, 5::bigint as close, 'USD' as currency", new TableColumn("close", "BIGINT", RenamedFrom: "price"), new TableColumn("currency", "VARCHAR"));
        Commit("select unnest([1, 3]) as id, 'five' as close, 'USD' as currency", new TableColumn("close", "VARCHAR"), new TableColumn("currency", "VARCHAR"));

        string[] Rows(int from, int to)
        {
            using var rows = new TableDiff(workspace).Open("gold.mart", new PointInTime.AtSnapshot(from), new PointInTime.AtSnapshot(to), null).Rows;
            var found = new List<string>();
            while (rows.Reader.Read())
                found.Add($"{rows.Reader.GetString(0)} {rows.Reader.GetValue(1)} {rows.Reader.GetValue(2)}".TrimEnd());
            return [.. found];
        }

        Assert.Equal(["changed 1 currency: null → USD", "removed 2", "added 3"], Rows(1, 2));
        Assert.Equal(["changed 1 close: 5 → five", "changed 3 close: 5 → five"], Rows(2, 3));
        Assert.Empty(Rows(3, 3));
    }

    public void Dispose() => _folder.Dispose();

    private static string Close(SyntheticMarket market, DateOnly date)
    {
        using var reply = market.Answer(new ApiRequest(Endpoints.AsTraded, [KeyValuePair.Create("symbol", "FKA01"), KeyValuePair.Create("from", $"{date:yyyy-MM-dd}"), KeyValuePair.Create("to", $"{date:yyyy-MM-dd}")]))!;
        return System.Text.Json.JsonDocument.Parse(reply.Body).RootElement[0].GetProperty("adjClose").GetDecimal().ToString("0.00", CultureInfo.InvariantCulture);
    }

    private string Now()
    {
        using var lake = new LakeContent(Home);
        return lake.Lake.CurrentSnapshot().Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
    }

    private List<string> Diff(string table, string from) =>
        [.. FinksProgram.Output("diff", table, "--from", from, "--home", Home, "--format", "csv", "--limit", "0").Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)];

    private void Run(SimulatorServer server, DateOnly to) => FinksProgram.Output(
        "run", "--symbols", "FKA01", "--from", "2025-01-01", "--to", $"{to:yyyy-MM-dd}", "--base-url", server.BaseAddress.ToString(), "--calls-per-minute", "0", "--home", Home);
}
