using System.Globalization;

namespace Finks.Simulator;

/// <summary>The profile endpoint: one row with every field of a recorded reply; an empty list for a listing without a company.</summary>
internal static class ProfileRows
{
    private const int SessionsInAYear = 252;
    private const int SessionsOfAverageVolume = 63;

    public static void Print(Listing listing, ApiRequest request, JsonRows rows)
    {
        if (listing.Company is not { } company || listing.Prices.Count == 0)
            return;
        rows.StartRow();
        rows.Text(N("symbol"), listing.Symbol);
        PrintMarket(listing, company, rows);
        rows.Text(N("companyName"), company.Name);
        rows.Text(N("currency"), "USD");
        rows.Text(N("cik"), company.Cik);
        rows.Raw(N("isin"), "null"u8);
        rows.Raw(N("cusip"), "null"u8);
        rows.Text(N("exchangeFullName"), company.ExchangeFullName);
        rows.Text(N("exchange"), company.Exchange);
        rows.Text(N("industry"), company.Industry);
        rows.Text(N("website"), $"https://{listing.Symbol.ToLowerInvariant()}.example");
        rows.Text(N("description"), company.Description);
        rows.Raw(N("ceo"), "null"u8);
        rows.Text(N("sector"), company.Sector);
        rows.Text(N("country"), "US");
        rows.Text(N("fullTimeEmployees"), company.Employees.ToString(CultureInfo.InvariantCulture));
        foreach (var name in (ReadOnlySpan<string>)["phone", "address", "city", "state", "zip"])
            rows.Raw(N(name), "null"u8);
        rows.Text(N("image"), "");
        rows.Date(N("ipoDate"), company.Ipo);
        rows.Truth(N("defaultImage"), true);
        rows.Truth(N("isEtf"), false);
        rows.Truth(N("isActivelyTrading"), true);
        rows.Truth(N("isAdr"), false);
        rows.Truth(N("isFund"), false);
        rows.EndRow();
    }

    private static void PrintMarket(Listing listing, Company company, JsonRows rows)
    {
        var prices = listing.Prices;
        var last = prices.Count - 1;
        var year = Enumerable.Range(Math.Max(0, last + 1 - SessionsInAYear), Math.Min(SessionsInAYear, last + 1)).ToList();
        var close = prices.Close.Span[last];
        var before = (long)Math.Round(prices.Close.Span[Math.Max(0, last - 1)] / listing.Factors.Split[Math.Max(0, last - 1)]);
        var low = year.Min(i => (decimal)Math.Round(prices.Low.Span[i] / listing.Factors.Split[i] / 100) / 100);
        var high = year.Max(i => (decimal)Math.Round(prices.High.Span[i] / listing.Factors.Split[i] / 100) / 100);
        var recent = year.TakeLast(SessionsOfAverageVolume).ToList();

        rows.Scaled(N("price"), close, PriceHistory.Digits);
        rows.Whole(N("marketCap"), (long)((decimal)close * company.SharesOutstanding / PriceHistory.Unit));
        rows.Scaled(N("beta"), company.Beta, 2);
        rows.Scaled(N("lastDividend"), listing.Dividends.TakeLast(4).Sum(d => d.Millionths), Dividend.Digits);
        rows.Text(N("range"), string.Create(CultureInfo.InvariantCulture, $"{low:0.##}-{high:0.##}"));
        rows.Scaled(N("change"), close - before, PriceHistory.Digits);
        rows.Scaled(N("changePercentage"), (long)Math.Round(1e6 * (close - before) / before), 4);
        rows.Whole(N("volume"), prices.Volume.Span[last]);
        rows.Whole(N("averageVolume"), (long)recent.Average(i => prices.Volume.Span[i] * listing.Factors.Split[i]));
    }

    private static byte[] N(string name) => JsonRows.Name(name);
}
