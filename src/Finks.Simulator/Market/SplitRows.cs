namespace Finks.Simulator;

/// <summary>The splits endpoint: newest first, at most 1000 rows; from and to count for nothing.</summary>
internal static class SplitRows
{
    private const int MostRows = 1000;
    private static readonly byte[] Symbol = JsonRows.Name("symbol"), Date = JsonRows.Name("date");
    private static readonly byte[] Numerator = JsonRows.Name("numerator"), Denominator = JsonRows.Name("denominator");

    public static void Print(Listing listing, ApiRequest request, JsonRows rows)
    {
        var symbol = JsonRows.Quoted(listing.Symbol);
        foreach (var split in listing.Splits.Reverse().Take(request.Limit(MostRows, MostRows)))
        {
            rows.StartRow();
            rows.Raw(Symbol, symbol);
            rows.Date(Date, split.Date);
            rows.Whole(Numerator, split.Numerator);
            rows.Whole(Denominator, split.Denominator);
            rows.EndRow();
        }
    }
}
