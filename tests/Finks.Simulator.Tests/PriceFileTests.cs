using System.Globalization;
using DuckDB.NET.Data;

namespace Finks.Simulator.Tests;

/// <summary>Real prices against what DuckDB computes from the same file with window functions, and against the file's own adjusted close.</summary>
public sealed class PriceFileTests(PriceFileTests.Opened opened) : IClassFixture<PriceFileTests.Opened>
{
    private const string Everything = "&from=1999-01-01&to=2021-12-31";

    /// <summary>TMUS lacks a reverse split in its own adjusted close (see the data's description).</summary>
    private static readonly string[] Inconsistent = ["TMUS"];

    [Fact]
    public void Prices_as_traded_are_those_of_the_file()
    {
        var expected = Query("SELECT symbol, strftime(date, '%Y-%m-%d'), open, high, low, close, volume FROM read_parquet($file) ORDER BY symbol, date DESC");
        var rows = Market.Symbols.SelectMany(s => Walk(Endpoints.AsTraded, s).Select(b => (Symbol: s, Bar: b))).ToList();
        Assert.Equal(712_053, rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            var (symbol, bar) = rows[i];
            Assert.True(
                (symbol, bar.Date(), bar.Number("adjOpen"), bar.Number("adjHigh"), bar.Number("adjLow"), bar.Number("adjClose"), bar.Number("volume"))
                == ((string)expected[i][0], (string)expected[i][1], D(expected[i][2]), D(expected[i][3]), D(expected[i][4]), D(expected[i][5]), D(expected[i][6])),
                $"row {i}: {bar.GetRawText()}");
        }
    }

    [Theory]
    [InlineData("AAPL")]
    [InlineData("C")]
    [InlineData("AIG")]
    public void Split_adjusted_prices_are_those_of_a_window_over_the_file(string symbol)
    {
        var expected = Query(
            """
            WITH factors AS (
                SELECT *, coalesce(product(split_coefficient::DOUBLE) OVER (PARTITION BY symbol ORDER BY date ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING), 1) AS f
                FROM read_parquet($file) WHERE symbol = $symbol)
            SELECT strftime(date, '%Y-%m-%d'), open / f, high / f, low / f, close / f, volume * f, (high + low + open + close) / 4 / f, (close - open) / f, 100 * (close - open) / open
            FROM factors ORDER BY date DESC
            """,
            symbol);
        var rows = Walk(Endpoints.Full, symbol);
        Assert.Equal(expected.Count, rows.Count);
        string[] fields = ["open", "high", "low", "close", "volume", "vwap", "change"];
        for (var i = 0; i < rows.Count; i++)
        {
            Assert.Equal(expected[i][0], rows[i].Date());
            for (var f = 0; f < fields.Length; f++)
            {
                var (value, printed) = ((double)expected[i][f + 1], (double)rows[i].Number(fields[f]));
                // The file has 7.000007 where the split was 7:1, so the two may differ by parts in a million.
                var tolerance = fields[f] == "volume" ? 0.5 + (value * 2e-6) : 2e-6 + (Math.Abs(value) * 2e-6);
                Assert.True(Math.Abs(value - printed) <= tolerance, $"{rows[i].Date()} {fields[f]}: {printed} is not {value}");
            }

            var percent = (double)expected[i][8];
            // The percent comes from prices rounded to six decimals and is itself rounded to two decimals, or five below one.
            Assert.InRange((double)rows[i].Number("changePercent") - percent, -0.006, 0.006);
        }
    }

    [Fact]
    public void Dividend_adjusted_closes_are_the_adjusted_closes_of_the_file()
    {
        var checkedRows = 0;
        var wrong = new List<string>();
        foreach (var symbol in Market.Symbols.Except(Inconsistent))
        {
            var expected = Query("SELECT adjusted_close FROM read_parquet($file) WHERE symbol = $symbol ORDER BY date DESC", symbol);
            var rows = Walk(Endpoints.DividendAdjusted, symbol);
            Assert.Equal(expected.Count, rows.Count);
            for (var i = 0; i < rows.Count; i++)
            {
                var (value, printed) = ((double)expected[i][0], (double)rows[i].Number("adjClose"));
                if (Math.Abs(value - printed) > (2e-5 * value) + 1e-6)
                    wrong.Add($"{symbol} {rows[i].Date()}: {printed} is not {value}");
                checkedRows++;
            }
        }

        Assert.Empty(wrong.Take(5));
        Assert.True(checkedRows > 700_000);
    }

    [Fact]
    public void Walking_back_by_5000_rows_finds_every_row()
    {
        var newest = Ask.Rows(Market, $"{Endpoints.AsTraded}?symbol=AAPL{Everything}");
        Assert.Equal(5000, newest.Count);
        Assert.Equal("2021-04-21", newest[0].Date());
        var counts = Query("SELECT count(*) FROM read_parquet($file) WHERE symbol = $symbol", "AAPL");
        Assert.Equal((long)counts[0][0], Walk(Endpoints.AsTraded, "AAPL").Count);
    }

    [Fact]
    public void Apple_split_four_times() => Assert.Equal(
        ["2020-08-31 4:1", "2014-06-09 7:1", "2005-02-28 2:1", "2000-06-21 2:1"],
        Ask.Rows(Market, $"{Endpoints.Splits}?symbol=AAPL").Select(s => $"{s.Date()} {s.Number("numerator")}:{s.Number("denominator")}"));

    [Fact]
    public void Dividends_are_as_declared_and_adjusted_for_later_splits()
    {
        var dividends = Ask.Rows(Market, $"{Endpoints.Dividends}?symbol=AAPL");
        var expected = Query("SELECT count(*), sum(dividend_amount) FROM read_parquet($file) WHERE symbol = $symbol AND dividend_amount <> 0", "AAPL");
        Assert.Equal(((long)expected[0][0], D(expected[0][1])), (dividends.Count, dividends.Sum(d => d.Number("dividend"))));
        var beforeBothSplits = dividends.Single(d => d.Date() == "2014-05-08");
        Assert.Equal(3.29m, beforeBothSplits.Number("dividend"));
        Assert.Equal(0.1175m, beforeBothSplits.Number("adjDividend")); // 3.29 / 7 / 4
        Assert.All(dividends, d => Assert.Equal("", d.GetProperty("paymentDate").GetString()));
        Assert.All(dividends, d => Assert.Equal(0, d.Number("yield")));
    }

    [Fact]
    public void Before_a_split_nothing_of_it_is_visible()
    {
        var eve = Market.AsOf(new DateOnly(2020, 8, 28));
        var bar = Ask.Rows(eve, $"{Endpoints.Full}?symbol=AAPL")[0];
        Assert.Equal(("2020-08-28", 499.23m), (bar.Date(), bar.Number("close")));
        Assert.Equal("2014-06-09", Ask.Rows(eve, $"{Endpoints.Splits}?symbol=AAPL")[0].Date());
        var after = Market.AsOf(new DateOnly(2020, 8, 31));
        Assert.Equal(124.8075m, Ask.Rows(after, $"{Endpoints.Full}?symbol=AAPL")[1].Number("close"));
    }

    [Fact]
    public void A_company_without_profile_and_statements_has_empty_lists()
    {
        Assert.Empty(Ask.Rows(Market, $"{Endpoints.Profile}?symbol=AAPL"));
        Assert.Empty(Ask.Rows(Market, $"{Endpoints.IncomeStatement}?symbol=AAPL"));
    }

    private PriceFile Market => opened.Market.Value;

    /// <summary>All rows of a symbol, as a client gets them: back from the oldest row of each reply.</summary>
    private List<System.Text.Json.JsonElement> Walk(string path, string symbol)
    {
        var rows = new List<System.Text.Json.JsonElement>();
        var to = "2021-12-31";
        while (true)
        {
            var page = Ask.Rows(Market, $"{path}?symbol={symbol}&from=1999-01-01&to={to}");
            rows.AddRange(page);
            if (page.Count < 5000)
                return rows;
            to = DateOnly.ParseExact(page[^1].Date(), "yyyy-MM-dd", CultureInfo.InvariantCulture).AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        }
    }

    private static decimal D(object value) => Convert.ToDecimal(value, CultureInfo.InvariantCulture);

    private static List<object[]> Query(string sql, string? symbol = null)
    {
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.Add(new DuckDBParameter("file", Checkout.Shared("data", "market", "daily_prices_150.parquet")));
        if (symbol is not null)
            command.Parameters.Add(new DuckDBParameter("symbol", symbol));
        using var reader = command.ExecuteReader();
        var rows = new List<object[]>();
        while (reader.Read())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }

        return rows;
    }

    public sealed class Opened
    {
        public Lazy<PriceFile> Market { get; } = new(() => PriceFile.Open(Checkout.Shared("data", "market", "daily_prices_150.parquet")));
    }
}
