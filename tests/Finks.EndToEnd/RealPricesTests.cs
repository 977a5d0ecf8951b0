namespace Finks.EndToEnd;

/// <summary>712,053 real daily prices of 150 stocks over 21 years.</summary>
public sealed class RealPricesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _prices = Checkout.Shared("data", "market", "daily_prices_150.parquet");

    private string Home => _folder.File("lake");

    [Fact]
    public void Adjusted_closes_agree_with_the_files_own_and_no_row_is_lost()
    {
        FinksProgram.Output("demo", "--prices", _prices, "--home", Home);

        using var lake = new LakeContent(Home);
        Assert.Equal(712_053, lake.Scalar<long>("select count(*) from {gold.daily_returns}"));
        Assert.Equal(712_053, lake.Ledger("select rows_in from finks_cleanse_count where dataset = 'eod_price_raw'"));
        Assert.Equal(0, lake.Ledger("select sum(rows_in - new_rows - repeated_rows - quarantined_rows) from finks_cleanse_count"));
        // TMUS lacks a reverse split at its merger of 2013-05-01 in the file.
        Assert.Equal("TMUS", lake.Scalar<string>($$"""
            select string_agg(symbol) from (
                select symbol from {gold.daily_returns} join read_parquet('{{_prices}}') as file using (symbol, date)
                group by symbol having max(abs(close_adjusted_reinvested / adjusted_close - 1)) > 2e-5)
            """));
        Assert.Equal(712_053, lake.Scalar<long>($$"""
            select count(*) from {silver.eod_price_raw} s join read_parquet('{{_prices}}') f using (symbol, date)
            where (s.open, s.high, s.low, s.close, s.volume) = (f.open, f.high, f.low, f.close, f.volume)
            """));
    }

    [Fact]
    public void One_day_more_adds_that_day_only_and_the_earlier_answer_stays_readable()
    {
        FinksProgram.Output("demo", "--prices", _prices, "--until", "2021-04-20", "--home", Home);
        using var lake = new LakeContent(Home);
        var before = lake.Lake.CurrentSnapshot();
        const string summary = "daily_portfolio_summary";
        var earlier = FinksProgram.Output("show", summary, "--home", Home, "--limit", "0", "--format", "csv");

        var output = FinksProgram.Output("demo", "--prices", _prices, "--home", Home);

        Assert.Contains(" 1,050 requests to the simulator", output, StringComparison.Ordinal);
        Assert.Equal(712_053, lake.Scalar<long>("select count(*) from {gold.daily_returns}"));
        Assert.Equal(711_903, lake.Scalar<long>("select count(*) from {gold.daily_returns}", before));
        Assert.Equal(150, lake.Ledger("select new_rows from finks_cleanse_count where dataset = 'eod_price_raw' order by snapshot_id desc limit 1"));
        Assert.NotEqual(earlier, FinksProgram.Output("show", summary, "--home", Home, "--limit", "0", "--format", "csv"));
        Assert.Equal(earlier, FinksProgram.Output("show", summary, "--home", Home, "--limit", "0", "--format", "csv", "--as-of", $"{before.Time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}"));
    }

    public void Dispose() => _folder.Dispose();
}
