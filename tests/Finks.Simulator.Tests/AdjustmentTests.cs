namespace Finks.Simulator.Tests;

public class AdjustmentTests
{
    /// <summary>Apple around its split of August 2020, recorded from FMP in both forms: the one must follow from the other.</summary>
    [Fact]
    public void Recorded_prices_as_traded_and_the_split_give_the_recorded_split_adjusted_reply()
    {
        var folder = Checkout.Shared("data", "fmp", "fmpdotnet");
        var traded = Ask.Parse(File.ReadAllBytes(Path.Combine(folder, "historical-price-eod-non-split-adjusted", "historical-price-eod-non-split-adjusted.AAPL.2020-split.json")));
        var full = Ask.Parse(File.ReadAllBytes(Path.Combine(folder, "historical-price-eod-full", "historical-price-eod-full.AAPL.2020-split.json")));
        traded.Reverse();
        var prices = new PriceHistory(
            traded.Select(b => DateOnly.ParseExact(b.Date(), "yyyy-MM-dd").DayNumber).ToArray(), Column("adjOpen"), Column("adjHigh"), Column("adjLow"), Column("adjClose"), traded.Select(b => (long)b.Number("volume")).ToArray());
        var listing = new Listing("AAPL", prices, [new Split(new DateOnly(2020, 8, 31), 4, 1)], [], [], null);

        using var rows = new JsonRows();
        EndOfDayRows.Print(listing, Ask.Request(Endpoints.Full + "?symbol=AAPL"), rows);
        rows.EndList();
        var printed = Ask.Parse(rows.Written.ToArray());
        Assert.Equal(full.Count, printed.Count);
        for (var i = 0; i < full.Count; i++)
        {
            Assert.Equal(full[i].EnumerateObject().Select(p => p.Name), printed[i].EnumerateObject().Select(p => p.Name));
            foreach (var field in full[i].EnumerateObject())
                Assert.Equal(field.Value.GetRawText(), printed[i].GetProperty(field.Name).GetRawText());
        }

        long[] Column(string name) => [.. traded.Select(b => (long)(b.Number(name) * PriceHistory.Unit))];
    }
}
