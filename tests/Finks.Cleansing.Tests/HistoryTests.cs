using Finks.Cleansing.Quality;
using Finks.Contracts;

namespace Finks.Cleansing.Tests;

/// <summary>Volume, distribution and age of a run's rows, against what earlier runs had.</summary>
public sealed class HistoryTests : IDisposable
{
    private readonly CleansingFixture _lake = new();
    private int _day;

    [Fact]
    public void There_is_no_verdict_on_volume_before_there_are_enough_runs_and_then_a_cut_reply_is_seen()
    {
        for (var run = 0; run < 5; run++)
            Assert.Equal(CheckOutcome.NotJudged, Dividends(10).Outcome);
        Assert.Equal(CheckOutcome.Passed, Dividends(8).Outcome);

        var cut = Dividends(2);

        Assert.Equal((CheckOutcome.Failed, "2 rows per reply"), (cut.Outcome, cut.Found));
        Assert.StartsWith("between 5 and 15 (median 10)", cut.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void One_run_with_nonsense_does_not_widen_what_is_expected_of_the_next()
    {
        foreach (var rows in new[] { 10, 10, 1000, 10, 10, 10 })
            Dividends(rows);

        Assert.Equal(CheckOutcome.Failed, Dividends(2).Outcome);
        Assert.Equal(CheckOutcome.Passed, Dividends(11).Outcome);
    }

    [Fact]
    public void A_reply_about_a_range_of_dates_is_judged_by_how_densely_it_fills_them()
    {
        for (var run = 0; run < 5; run++)
            Prices(5 + run, everyNthDay: 1);
        Assert.Equal(CheckOutcome.Passed, Prices(40, everyNthDay: 1).Single(c => c.Check == CheckNames.RowVolume).Outcome);

        var sparse = Prices(10, everyNthDay: 4).Single(c => c.Check == CheckNames.RowVolume);

        Assert.Equal(CheckOutcome.Failed, sparse.Outcome);
        Assert.StartsWith("0.27027 rows per day", sparse.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_blocked_run_is_not_remembered_for_later_runs_to_be_compared_with()
    {
        for (var run = 0; run < 5; run++)
            Dividends(10);
        var strict = Contract("dividend", q => q with { Volume = q.Volume with { Consequence = Consequence.Of(Severity.Error) } });
        _lake.Receive("dividend", Reply(1));
        Assert.Throws<CleanseException>(() => _lake.Cleanse([], [strict]));

        Assert.Equal(5, _lake.Cleanser.Quality.Metrics("dividend", 100)[CheckNames.RowVolume].Count);
    }

    [Theory]
    [InlineData(DistributionTerms.NullShare, "0.5")]
    [InlineData(DistributionTerms.Median, "5000")]
    [InlineData(DistributionTerms.Mean, "5009.5")]
    public void A_column_whose_values_leave_their_usual_distribution_is_seen(string measure, string found)
    {
        var contract = Contract("eod_price_raw", q => q with { Distributions = [new DistributionTerms("volume", [measure], new HistoryTerms(Consequence.Of(Severity.Warning)) { Tolerance = 0.3 })] });
        CheckResult Run(Func<int, string> volume)
        {
            _lake.Receive("eod_price_raw", Fmp.List(Enumerable.Range(0, 20).Select(i => Price(_day++, volume(i)))));
            return _lake.Cleanse([], [contract]).Checks.Single(c => c.Check == $"volume.{measure}");
        }

        for (var run = 0; run < 5; run++)
            Assert.Equal(CheckOutcome.NotJudged, Run(i => $"{100 + i}").Outcome);
        Assert.Equal(CheckOutcome.Passed, Run(i => $"{110 + i}").Outcome);

        var seen = Run(i => measure == DistributionTerms.NullShare ? i % 2 == 0 ? "null" : "100"
            : measure == DistributionTerms.Median ? "5000" : $"{5000 + i}");

        Assert.Equal((CheckOutcome.Failed, found), (seen.Outcome, seen.Found));
    }

    [Theory]
    [InlineData("2026-03-02", CheckOutcome.Passed)]
    [InlineData("2026-02-27", CheckOutcome.Passed)]
    [InlineData("2026-02-26", CheckOutcome.Failed)]
    public void The_newest_date_must_not_be_older_than_the_contract_says(string newest, CheckOutcome expected)
    {
        var contract = Contract("eod_price_raw", q => q with { Freshness = new FreshnessTerms("date", TimeSpan.FromDays(3)) });
        // A date in the future is wrong or announced; it makes nothing fresh.
        _lake.Receive("eod_price_raw", Fmp.List(Fmp.Price("AAPL", newest, 1), Fmp.Price("AAPL", "2026-04-01", 1)));

        Assert.Equal(expected, _lake.Cleanse([], [contract]).Checks.Single(c => c.Check == CheckNames.Freshness).Outcome);
    }

    [Fact]
    public void Old_rows_that_come_late_do_not_make_a_fresh_table_stale_but_time_does()
    {
        var contract = Contract("eod_price_raw", q => q with { Freshness = new FreshnessTerms("date", TimeSpan.FromDays(3)) });
        _lake.Receive("eod_price_raw", Fmp.List(Fmp.Price("AAPL", "2026-03-02", 1)));
        _lake.Cleanse([], [contract]);
        _lake.Receive("eod_price_raw", Fmp.List(Fmp.Price("AAPL", "2020-03-02", 1)));

        Assert.Equal(CheckOutcome.Passed, _lake.Cleanse([], [contract]).Checks.Single(c => c.Check == CheckNames.Freshness).Outcome);
        _lake.Clock.Advance(TimeSpan.FromDays(4));
        Assert.Equal(CheckOutcome.Failed, FreshnessCheck.OfSilver(_lake.Lake, _lake.Lake.CurrentSnapshot(), contract, _lake.Clock.GetUtcNow())?.Outcome);
    }

    [Theory]
    [InlineData(new double[] { 3, 1, 2 })]
    [InlineData(new double[] { 4, 1, 3, 2 })]
    [InlineData(new double[] { 10, 10, 10, 900 })]
    public void Median_and_deviation_are_those_of_DuckDB(double[] values)
    {
        var list = string.Join(", ", values.Select(v => v.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        var range = RobustRange.Of(values, new HistoryTerms(default) { Deviations = 1000 / 1.4826, Tolerance = 0 }, isShare: false);

        Assert.Equal(CleansingFixture.PlainSql($"select (1000 * median(v))::bigint from (select unnest([{list}]) as v)"), (long)Math.Round(1000 * range.Median));
        Assert.Equal(CleansingFixture.PlainSql($"select (1000 * mad(v))::bigint from (select unnest([{list}]) as v)"), (long)Math.Round(range.Allowance));
    }

    [Fact]
    public void The_score_weighs_by_severity_and_leaves_out_what_was_not_judged()
    {
        static CheckResult Check(Severity severity, CheckOutcome outcome, double credit) => new()
        {
            Dataset = "d",
            Check = "c",
            Consequence = Consequence.Of(severity),
            Outcome = outcome,
            Credit = credit,
            Found = "",
            Expected = "",
        };
        Assert.Null(QualityScore.Of([Check(Severity.Error, CheckOutcome.NotJudged, 0)]));
        // 100 × (10 × 0.9 + 3 × 0 + 1 × 1) ÷ (10 + 3 + 1)
        Assert.Equal(1000 / 14d, QualityScore.Of(
            [Check(Severity.Error, CheckOutcome.Passed, 0.9), Check(Severity.Warning, CheckOutcome.Failed, 0), Check(Severity.Info, CheckOutcome.Passed, 1), Check(Severity.Error, CheckOutcome.NotJudged, 0)])!.Value, 9);
    }

    private CheckResult Dividends(int rows)
    {
        _lake.Receive("dividend", Reply(rows));
        return _lake.Cleanse([]).Checks.Single(c => c.Check == CheckNames.RowVolume);
    }

    private string Reply(int rows) => Fmp.List(Enumerable.Range(0, rows).Select(i => Fmp.Dividend(new DateOnly(2000, 1, 1).AddDays(i).ToString("yyyy-MM-dd", null), 0.1m * ++_day)));

    private IReadOnlyList<CheckResult> Prices(int rows, int everyNthDay)
    {
        _lake.Receive("eod_price_raw", Fmp.List(Enumerable.Range(0, rows).Select(i => Price(i * everyNthDay, "1"))));
        return _lake.Cleanse([]).Checks;
    }

    private static string Price(int day, string volume) =>
        $$"""{"symbol":"AAPL","date":"{{new DateOnly(2010, 1, 1).AddDays(day):yyyy-MM-dd}}","adjOpen":1,"adjHigh":2,"adjLow":1,"adjClose":1,"volume":{{volume}}}""";

    private static Contract Contract(string dataset, Func<QualityTerms, QualityTerms> change)
    {
        var contract = CleansingFixture.Contracts.Get(dataset);
        return contract with { Quality = change(contract.Quality) };
    }

    public void Dispose() => _lake.Dispose();
}
