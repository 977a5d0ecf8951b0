using System.Security.Cryptography;
using System.Text.Json;

namespace Finks.Simulator.Tests;

public class SyntheticMarketTests
{
    private static readonly DateOnly Until = new(2025, 6, 13);
    private static readonly SyntheticMarket Market = new(Until);

    /// <summary>Printed once by this very market; it may only change together with a note that every synthetic figure changed.</summary>
    [Fact]
    public void A_seed_gives_the_same_bytes_everywhere()
    {
        var all = Market.Symbols.SelectMany(symbol => Endpoints.All.SelectMany(path => Ask.Bytes(Market, $"{path}?symbol={symbol}&limit=1000&period=quarter")));
        var hash = Convert.ToHexStringLower(SHA256.HashData(all.ToArray()));
        Assert.True(hash == "6997c09ed6868456a9da9c028c4962395dec1087dace3afb279af832f57d2fe9", $"The market's hash is now {hash}.");
    }

    [Fact]
    public void Another_seed_gives_another_market() =>
        Assert.NotEqual(Ask.Bytes(Market, $"{Endpoints.Full}?symbol=FKA01"), Ask.Bytes(new SyntheticMarket(Until, seed: 2), $"{Endpoints.Full}?symbol=FKA01"));

    [Fact]
    public void A_later_day_changes_nothing_that_was_known()
    {
        var early = Market.AsOf(new DateOnly(2023, 9, 29));
        foreach (var symbol in Market.Symbols)
        {
            foreach (var path in new[] { Endpoints.AsTraded, Endpoints.Splits })
            {
                var then = Ask.Rows(early, $"{path}?symbol={symbol}&from=2020-01-01&to=2025-12-31").Select(r => r.GetRawText()).ToList();
                var now = Ask.Rows(Market, $"{path}?symbol={symbol}&from=2020-01-01&to=2025-12-31").Select(r => r.GetRawText()).ToList();
                Assert.Equal(now.TakeLast(then.Count), then);
                Assert.True(path == Endpoints.Splits || now.Count > then.Count);
            }

            Assert.All(Ask.Rows(early, $"{Endpoints.Dividends}?symbol={symbol}"), d => Assert.True(string.CompareOrdinal(d.Date(), "2023-09-29") <= 0));
            Assert.All(
                Ask.Rows(early, $"{Endpoints.IncomeStatement}?symbol={symbol}&period=quarter&limit=1000"),
                s => Assert.True(string.CompareOrdinal(s.GetProperty("filingDate").GetString(), "2023-09-29") <= 0));
        }
    }

    [Fact]
    public void Bars_are_in_cents_and_low_and_high_enclose_open_and_close() => Assert.All(Market.Symbols, symbol =>
    {
        var bars = Ask.Rows(Market, $"{Endpoints.AsTraded}?symbol={symbol}&from=2020-01-01");
        Assert.True(bars.Count > 1250);
        Assert.Equal(bars.Select(b => b.Date()).Distinct().OrderDescending(), bars.Select(b => b.Date()));
        foreach (var bar in bars)
        {
            var (open, high, low, close) = (bar.Number("adjOpen"), bar.Number("adjHigh"), bar.Number("adjLow"), bar.Number("adjClose"));
            Assert.True(low > 0 && low <= Math.Min(open, close) && Math.Max(open, close) <= high, bar.GetRawText());
            Assert.Equal(Math.Round(close, 2), close);
            Assert.True(bar.Number("volume") > 0);
        }
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(99)]
    public void A_market_has_splits_of_both_kinds_and_dividends_for_half_of_it(int seed)
    {
        var market = new SyntheticMarket(Until, seed);
        var splits = market.Symbols.SelectMany(s => market.Find(s).Splits).ToList();
        Assert.True(splits.Count(s => s.Ratio > 1) >= 3);
        Assert.True(splits.Count(s => s.Ratio < 1) >= 1);
        Assert.Equal(15, market.Symbols.Count(s => market.Find(s).Dividends.Count > 0));
    }

    [Fact]
    public void Adjusted_closes_go_through_a_split_without_a_jump_and_as_traded_ones_do_not()
    {
        var days = 0;
        foreach (var symbol in Market.Symbols)
        {
            var full = Ask.Rows(Market, $"{Endpoints.Full}?symbol={symbol}&from=2020-01-01").ToDictionary(b => b.Date(), b => b.Number("close"));
            var traded = Ask.Rows(Market, $"{Endpoints.AsTraded}?symbol={symbol}&from=2020-01-01").ToDictionary(b => b.Date(), b => b.Number("adjClose"));
            var dates = traded.Keys.Order().ToList();
            foreach (var split in Market.Find(symbol).Splits)
            {
                var (day, before) = ($"{split.Date:yyyy-MM-dd}", dates[dates.IndexOf($"{split.Date:yyyy-MM-dd}") - 1]);
                Assert.InRange(full[day] / full[before], 0.75m, 1.25m);
                Assert.InRange(traded[day] / traded[before] * (decimal)split.Ratio, 0.75m, 1.25m);
                days++;
            }
        }

        Assert.True(days > 4);
    }

    [Fact]
    public void Statements_add_up_across_lines_and_quarters()
    {
        foreach (var symbol in Market.Symbols)
        {
            var quarters = Ask.Rows(Market, $"{Endpoints.IncomeStatement}?symbol={symbol}&period=quarter&limit=1000");
            var years = Ask.Rows(Market, $"{Endpoints.IncomeStatement}?symbol={symbol}&limit=1000");
            Assert.True(years.Count >= 4);
            foreach (var year in years)
            {
                var its = quarters.Where(q => q.GetProperty("fiscalYear").GetString() == year.GetProperty("fiscalYear").GetString()).ToList();
                Assert.Equal(4, its.Count);
                foreach (var line in new[] { "revenue", "costOfRevenue", "grossProfit", "operatingIncome", "incomeBeforeTax", "incomeTaxExpense", "netIncome", "ebitda" })
                    Assert.Equal(its.Sum(q => q.Number(line)), year.Number(line));
            }

            Assert.All(quarters.Concat(years), AddsUp);
        }
    }

    [Fact]
    public void Statements_and_profiles_have_the_fields_of_recorded_ones_in_their_order()
    {
        var folder = Checkout.Shared("data", "fmp", "fmp4j");
        AssertFields(Path.Combine(folder, "income-statement", "symbol=AAPL.json"), Endpoints.IncomeStatement);
        AssertFields(Path.Combine(folder, "profile", "symbol=AAPL.json"), Endpoints.Profile);
        AssertFields(Path.Combine(folder, "dividends", "symbol=AAPL.json"), Endpoints.Dividends);
        AssertFields(Path.Combine(folder, "historical-price-eod__light", "symbol=AAPL_from=2024-02-22_to=2024-02-28.json"), Endpoints.Light);

        static void AssertFields(string recorded, string path) => Assert.Equal(
            Ask.Parse(File.ReadAllBytes(recorded))[0].EnumerateObject().Select(p => p.Name),
            Ask.Rows(Market, $"{path}?symbol=FKA02")[0].EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public void A_profile_says_that_the_company_is_synthetic()
    {
        var profile = Assert.Single(Ask.Rows(Market, $"{Endpoints.Profile}?symbol=FKA01"));
        Assert.Equal("Synthetic Company 01", profile.GetProperty("companyName").GetString());
        Assert.Contains("synthetic data made by Finks", profile.GetProperty("description").GetString());
        Assert.Equal(Ask.Rows(Market, $"{Endpoints.AsTraded}?symbol=FKA01")[0].Number("adjClose"), profile.Number("price"));
    }

    [Fact]
    public void Blank_dividend_dates_are_empty_strings() =>
        Assert.Contains(Market.Symbols.SelectMany(s => Ask.Rows(Market, $"{Endpoints.Dividends}?symbol={s}")), d => d.GetProperty("recordDate").GetString() == "");

    private static void AddsUp(JsonElement s)
    {
        Assert.Equal(s.Number("revenue") - s.Number("costOfRevenue"), s.Number("grossProfit"));
        Assert.Equal(s.Number("grossProfit") - s.Number("operatingExpenses"), s.Number("operatingIncome"));
        Assert.Equal(s.Number("costOfRevenue") + s.Number("operatingExpenses"), s.Number("costAndExpenses"));
        Assert.Equal(s.Number("operatingIncome") + s.Number("totalOtherIncomeExpensesNet"), s.Number("incomeBeforeTax"));
        Assert.Equal(s.Number("incomeBeforeTax") - s.Number("incomeTaxExpense"), s.Number("netIncome"));
        Assert.Equal(s.Number("netIncome") / s.Number("weightedAverageShsOut"), s.Number("eps"), 2);
    }
}
