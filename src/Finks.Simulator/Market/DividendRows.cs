namespace Finks.Simulator;

/// <summary>The dividends endpoint: newest first, at most 1000 rows; from and to count for nothing; unknown dates are empty strings.</summary>
internal static class DividendRows
{
    private const int MostRows = 1000;
    private const int QuartersInAYear = 4;
    private static readonly byte[] Symbol = JsonRows.Name("symbol"), Date = JsonRows.Name("date"), RecordDate = JsonRows.Name("recordDate");
    private static readonly byte[] PaymentDate = JsonRows.Name("paymentDate"), DeclarationDate = JsonRows.Name("declarationDate");
    private static readonly byte[] AdjDividend = JsonRows.Name("adjDividend"), Amount = JsonRows.Name("dividend");
    private static readonly byte[] Yield = JsonRows.Name("yield"), Frequency = JsonRows.Name("frequency");

    public static void Print(Listing listing, ApiRequest request, JsonRows rows)
    {
        var symbol = JsonRows.Quoted(listing.Symbol);
        var limit = request.Limit(MostRows, MostRows);
        for (var i = listing.Dividends.Count - 1; i >= 0 && rows.Count < limit; i--)
        {
            var dividend = listing.Dividends[i];
            rows.StartRow();
            rows.Raw(Symbol, symbol);
            rows.Date(Date, dividend.ExDate);
            PrintDate(RecordDate, dividend.Record);
            PrintDate(PaymentDate, dividend.Payment);
            PrintDate(DeclarationDate, dividend.Declaration);
            rows.Scaled(AdjDividend, (long)Math.Round(Adjusted(listing, dividend) * 1e8), 8);
            rows.Scaled(Amount, dividend.Millionths, Dividend.Digits);
            rows.Number(Yield, YieldOf(listing, i));
            rows.Text(Frequency, dividend.Frequency);
            rows.EndRow();
        }

        void PrintDate(byte[] name, DateOnly? date)
        {
            if (date is { } known)
                rows.Date(name, known);
            else
                rows.Raw(name, "\"\""u8);
        }
    }

    /// <summary>In today's shares.</summary>
    private static double Adjusted(Listing listing, Dividend dividend) =>
        dividend.Amount / listing.Splits.Where(s => s.Date > dividend.ExDate).Aggregate(1.0, (factor, split) => factor * split.Ratio);

    /// <summary>Percent: the last four dividends over the split-adjusted close of the ex-date; 0 where the frequency is not known.</summary>
    private static double YieldOf(Listing listing, int index)
    {
        var bar = listing.Prices.IndexOf(listing.Dividends[index].ExDate);
        if (listing.Dividends[index].Frequency.Length == 0 || bar >= listing.Prices.Count)
            return 0;
        var year = listing.Dividends.Skip(Math.Max(0, index - QuartersInAYear + 1)).Take(Math.Min(QuartersInAYear, index + 1)).Sum(d => Adjusted(listing, d));
        return 100 * year / ((double)listing.Prices.Close.Span[bar] / PriceHistory.Unit / listing.Factors.Split[bar]);
    }
}
