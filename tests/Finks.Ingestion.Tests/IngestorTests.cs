using System.Security.Cryptography;
using System.Text;
using DuckDB.NET.Data;
using Finks.Ingestion.Planning;
using Finks.Simulator;

namespace Finks.Ingestion.Tests;

public sealed class IngestorTests
{
    private static readonly DateOnly Until = new(2025, 12, 31);

    private static SyntheticMarket Market(int symbols = 3, int years = 2) => new(Until, symbols: symbols, years: years);

    [Fact]
    public async Task A_second_run_asks_for_nothing()
    {
        await using var lake = await IngestionFixture.StartAsync(Market());
        var first = await lake.IngestAsync();
        var asked = lake.Server.RequestCount;

        var second = await lake.IngestAsync();

        Assert.Equal(3 * 7, first.Replies);
        Assert.Empty(first.Problems);
        Assert.Equal(0, second.Replies);
        Assert.Equal(asked, lake.Server.RequestCount);
    }

    [Fact]
    public async Task One_day_more_asks_for_that_day_with_a_week_before_it()
    {
        var market = Market();
        await using var lake = await IngestionFixture.StartAsync(market.AsOf(Until.AddDays(-1)));
        await lake.IngestAsync(["eod_price_raw"]);
        lake.Server.Source = market;

        var next = await lake.IngestAsync(["eod_price_raw"]);

        Assert.Equal(3, next.Replies);
        Assert.All(lake.Replies().TakeLast(3), r => Assert.Contains("from=2025-12-24&symbol=", r.Query, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Bronze_keeps_every_body_byte_for_byte_with_its_request_and_hash()
    {
        await using var lake = await IngestionFixture.StartAsync(Market(symbols: 2));
        await lake.IngestAsync();
        using var http = new HttpClient { BaseAddress = lake.Server.BaseAddress };
        http.DefaultRequestHeaders.Add("apikey", IngestionFixture.Key);

        Assert.Equal(14, lake.Replies().Count);
        foreach (var reply in lake.Replies())
        {
            var body = await http.GetByteArrayAsync($"{reply.Path}?{reply.Query}", TestContext.Current.CancellationToken);
            Assert.True(body.AsSpan().SequenceEqual(reply.Body));
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(body)), reply.Sha256);
        }
    }

    [Fact]
    public async Task Any_engine_that_reads_Parquet_reads_Bronze()
    {
        await using var lake = await IngestionFixture.StartAsync(Market(symbols: 2));
        await lake.IngestAsync(["security_profile"]);
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            select count(*) from read_parquet('{lake.Home}/dev-bronze-zone/source=fmp/dataset=security_profile/year=*/month=*/day=*/hour=*/run_id=*/*.parquet', hive_partitioning = true)
            where status = 200 and sha256 = sha256(body) and json_extract_string(decode(body)::json, '$[0].symbol') = subject
              and json_extract_string(headers::json, '$[0][0]') is not null
            """;

        Assert.Equal(2L, command.ExecuteScalar());
    }

    [Fact]
    public async Task A_history_longer_than_a_reply_can_hold_comes_in_whole()
    {
        // 30 years are some 7,500 rows; FMP drops all but the newest 5,000 without a word.
        await using var lake = await IngestionFixture.StartAsync(Market(symbols: 1, years: 30));

        await lake.IngestAsync(["eod_price_raw"]);

        var dates = lake.Replies().SelectMany(r => System.Text.Json.JsonDocument.Parse(r.Body).RootElement.EnumerateArray().Select(row => row.GetProperty("date").GetString()!)).ToList();
        Assert.Equal(dates.Distinct().Count(), dates.Count);
        Assert.True(dates.Count > 7_400, $"{dates.Count} rows");
        Assert.True(string.CompareOrdinal(dates.Min(), "1996-01-0") < 0 || dates.Min()!.StartsWith("1996-01-0", StringComparison.Ordinal), dates.Min());
    }

    [Fact]
    public async Task A_reply_that_is_cut_is_followed_back_to_the_first_day()
    {
        await using var lake = await IngestionFixture.StartAsync(Market(symbols: 1, years: 30));
        var contract = IngestionFixture.Contracts.Get("eod_price_raw");
        var small = contract with { Source = contract.Source with { MaxRowsPerReply = 4_000 } };
        var request = new IngestRequest { Contracts = [small], Symbols = ["FKA01"], Wanted = new DateRange(new(2005, 1, 1), new(2022, 12, 1)) };

        await new Ingestor(lake.Lake, lake.Bronze, lake.Ledger, lake.Client).RunAsync(request, "run", new Progress<IngestProgress>(), TestContext.Current.CancellationToken);

        // The first window holds more than 4,000 rows, so it counts as cut and its older part is asked for once more.
        Assert.Equal(1, lake.Replies().Count(r => r.Query.StartsWith("from=2005-01-01", StringComparison.Ordinal) && r.Query.EndsWith("to=2022-12-01", StringComparison.Ordinal)));
        Assert.All(lake.Ledger.Load(contract)["FKA01"].Windows[0], w => Assert.True(w.HadRows || w.Range.To < new DateOnly(2005, 1, 5), w.ToString()));
        Assert.Empty(new DateRange(new(2005, 1, 1), new(2022, 12, 1)).Without(lake.Ledger.Load(contract)["FKA01"].Valid(0, new(2022, 12, 1))));
    }

    [Fact]
    public async Task A_whole_history_as_long_as_the_source_ever_sends_is_reported_as_perhaps_cut()
    {
        await using var lake = await IngestionFixture.StartAsync(Market(symbols: 12, years: 5));
        var contract = IngestionFixture.Contracts.Get("dividend");
        var small = contract with { Source = contract.Source with { MaxRowsPerReply = 20 } };
        var request = new IngestRequest { Contracts = [small], Symbols = lake.Server.Source.Symbols, Wanted = new DateRange(Until.AddYears(-5), Until) };

        var report = await new Ingestor(lake.Lake, lake.Bronze, lake.Ledger, lake.Client).RunAsync(request, "run", new Progress<IngestProgress>(), TestContext.Current.CancellationToken);

        Assert.NotEmpty(report.Problems);
        Assert.All(report.Problems, p => Assert.Equal("MayBeCut", p.Outcome));
        Assert.True(report.Problems.Count < 12);
    }

    [Fact]
    public async Task A_split_makes_the_vendors_adjusted_history_be_asked_for_anew()
    {
        var market = Market(symbols: 12, years: 5);
        var (symbol, date) = FirstSplit(market);
        await using var lake = await IngestionFixture.StartAsync(market.AsOf(date.AddDays(-1)));
        await lake.IngestAsync(["split", "eod_price_split_adjusted"]);
        lake.Server.Source = market.AsOf(date.AddDays(2));

        await lake.IngestAsync(["split", "eod_price_split_adjusted"]);
        await lake.IngestAsync(["split", "eod_price_split_adjusted"]);

        var later = lake.Replies("eod_price_split_adjusted").Skip(12).ToList();
        Assert.Equal(12, later.Count);
        Assert.Contains($"from={market.First:yyyy-MM-dd}", later.Single(r => r.Subject == symbol).Query, StringComparison.Ordinal);
        Assert.Contains(later, r => !r.Query.Contains($"from={market.First:yyyy-MM-dd}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(FaultKind.Garbage, "Garbage")]
    [InlineData(FaultKind.Truncated, "Garbage")]
    [InlineData(FaultKind.HtmlPage, "Html")]
    [InlineData(FaultKind.ServerError, "ServerError")]
    public async Task A_reply_without_data_is_kept_reported_and_asked_for_again(FaultKind fault, string outcome)
    {
        await using var lake = await IngestionFixture.StartAsync(Market(), new FaultRule(fault) { Path = "*non-split-adjusted", Symbol = "FKA02" });

        var first = await lake.IngestAsync(["eod_price_raw"]);
        var second = await lake.IngestAsync(["eod_price_raw"]);

        var problem = Assert.Single(first.Problems);
        Assert.Equal(("eod_price_raw", "FKA02", outcome), (problem.Dataset, problem.Symbol, problem.Outcome));
        Assert.Equal(outcome, Assert.Single(lake.Replies(), r => r.Outcome != "Rows").Outcome);
        Assert.Equal((1, 1, 0), (second.Replies, second.RepliesWithRows, second.Problems.Count));
    }

    [Fact]
    public async Task An_error_under_status_200_is_no_data()
    {
        await using var lake = await IngestionFixture.StartAsync(Market(), new FaultRule(FaultKind.ErrorObject) { Symbol = "FKA01" });

        var report = await lake.IngestAsync(["split"]);

        Assert.Equal("FKA01", Assert.Single(report.Problems).Symbol);
        Assert.Equal(200, Assert.Single(lake.Replies(), r => r.Outcome != "Rows" && r.Outcome != "Empty").Status);
    }

    [Fact]
    public async Task A_refused_key_ends_the_run_at_once_and_says_what_to_do()
    {
        await using var lake = await IngestionFixture.StartAsync(Market(symbols: 30));
        using var http = new HttpClient(Finks.Fmp.FmpClient.CreateHandler());
        await using var strict = await SimulatorServer.StartAsync(new SimulatorOptions { ApiKey = "another-key" }, Market(symbols: 30), new RealClock(), TestContext.Current.CancellationToken);
        var client = new Finks.Fmp.FmpClient(http, new Finks.Fmp.FmpOptions { BaseAddress = strict.BaseAddress, ApiKey = IngestionFixture.Key, CallsPerMinute = null }, new RealClock(), new Random(1));
        var request = new IngestRequest { Contracts = IngestionFixture.Contracts.Contracts, Symbols = strict.Source.Symbols, Wanted = new DateRange(Until.AddYears(-1), Until), Concurrency = 2 };

        var report = await new Ingestor(lake.Lake, lake.Bronze, lake.Ledger, client).RunAsync(request, "run", new Progress<IngestProgress>(), TestContext.Current.CancellationToken);

        Assert.Contains("FMP_API_KEY", report.StoppedBecause, StringComparison.Ordinal);
        Assert.InRange(strict.RequestCount, 1, 10);
        Assert.NotEmpty(lake.Replies());
    }

    [Fact]
    public async Task A_server_that_is_gone_ends_the_run_after_a_few_calls_and_what_came_before_is_kept()
    {
        await using var lake = await IngestionFixture.StartAsync(Market());
        await lake.IngestAsync(["split"]);
        await lake.Server.DisposeAsync();

        var report = await lake.IngestAsync(["dividend", "eod_price_raw", "security_profile"]);

        Assert.NotNull(report.StoppedBecause);
        Assert.All(report.Problems, p => Assert.Equal("NoAnswer", p.Outcome));
        Assert.Equal(3, lake.Replies().Count);
    }

    [Fact]
    public async Task A_disk_that_fails_ends_the_run_with_its_error_and_the_next_run_completes_it()
    {
        await using var lake = await IngestionFixture.StartAsync(Market(symbols: 30));
        // A file stands where the zone's folder for the dataset should be made.
        var inTheWay = Path.Combine(lake.Home, "dev-bronze-zone", "source=fmp");
        await File.WriteAllTextAsync(inTheWay, "", TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<Finks.Lake.LakeException>(() => lake.IngestAsync());
        File.Delete(inTheWay);
        var next = await lake.IngestAsync();

        Assert.Equal((210, 0), (next.Replies, next.Problems.Count));
        Assert.Equal(210, lake.Replies().Count);
    }

    [Fact]
    public async Task The_key_is_in_no_file()
    {
        await using var lake = await IngestionFixture.StartAsync(Market(symbols: 2), new FaultRule(FaultKind.HtmlPage) { Symbol = "FKA01", Times = null });
        await lake.IngestAsync();

        foreach (var file in Directory.EnumerateFiles(lake.Home, "*", SearchOption.AllDirectories).Where(f => Path.GetExtension(f) != ".lock"))
            Assert.True(File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(IngestionFixture.Key)) < 0, file);
        Assert.All(lake.Replies(), r => Assert.DoesNotContain(IngestionFixture.Key, Encoding.UTF8.GetString(r.Body), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_damaged_body_is_noticed_when_it_is_read_back()
    {
        await using var lake = await IngestionFixture.StartAsync(Market(symbols: 1));
        await lake.IngestAsync(["security_profile"]);
        var path = Path.Combine(lake.Home, lake.Bronze.All().Single().Key);
        using (var connection = new DuckDBConnection("DataSource=:memory:"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"copy (select * replace (encode('[]') as body) from read_parquet('{path}')) to '{path}.x' (format parquet)";
            command.ExecuteNonQuery();
        }

        File.Move(path + ".x", path, overwrite: true);
        // Whoever can change a file could change the register too: the hash of the body is the last witness.
        lake.Lake.Database.Write(tx => tx.Execute("update finks_bronze_batch set file_bytes = @bytes", ("bytes", new FileInfo(path).Length)));

        Assert.Contains("damaged", Assert.Throws<Finks.Lake.LakeException>(() => lake.Bronze.ReadReply(lake.Bronze.All().Single(), 0)).Message, StringComparison.Ordinal);
    }

    private static (string Symbol, DateOnly Date) FirstSplit(SyntheticMarket market) => market.Symbols
        .SelectMany(symbol => market.Find(symbol).Splits.Select(s => (symbol, s.Date)))
        .Where(s => s.Date > market.First.AddMonths(6)).OrderBy(s => s.Date).First();
}
