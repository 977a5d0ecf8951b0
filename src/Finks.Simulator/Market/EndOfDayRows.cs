using System.Runtime.CompilerServices;

namespace Finks.Simulator;

/// <summary>The four end-of-day price endpoints: newest first, at most 5000 rows of which the oldest are dropped, five years unless a window is given.</summary>
/// <remarks>A run asks for a million rows at once and is over before the runtime has found out which methods are hot, so those are marked.</remarks>
internal static class EndOfDayRows
{
    public const int MostRows = 5000;
    private const int DefaultYears = 5;

    /// <summary>Adjusted prices are rounded to this many decimals.</summary>
    private const int AdjustedDigits = 6;

    private const double AdjustedUnit = 1e6 / PriceHistory.Unit;

    private static readonly byte[] Symbol = JsonRows.Name("symbol"), Date = JsonRows.Name("date"), Volume = JsonRows.Name("volume"), Price = JsonRows.Name("price");
    private static readonly byte[] AdjOpen = JsonRows.Name("adjOpen"), AdjHigh = JsonRows.Name("adjHigh"), AdjLow = JsonRows.Name("adjLow"), AdjClose = JsonRows.Name("adjClose");
    private static readonly byte[] Open = JsonRows.Name("open"), High = JsonRows.Name("high"), Low = JsonRows.Name("low"), Close = JsonRows.Name("close");
    private static readonly byte[] Change = JsonRows.Name("change"), ChangePercent = JsonRows.Name("changePercent"), Vwap = JsonRows.Name("vwap");

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Print(Listing listing, ApiRequest request, JsonRows rows)
    {
        var (first, end) = Window(listing.Prices, request);
        var bars = new Bars(listing);
        var symbol = JsonRows.Quoted(listing.Symbol);
        for (var i = end - 1; i >= first; i--)
        {
            rows.StartRow();
            rows.Raw(Symbol, symbol);
            rows.Date(Date, DateOnly.FromDayNumber(bars.Days[i]));
            switch (request.Path)
            {
                case Endpoints.AsTraded:
                    PrintAsTraded(bars, i, rows);
                    break;
                case Endpoints.Full:
                    PrintFull(bars, i, rows);
                    break;
                case Endpoints.Light:
                    rows.Scaled(Price, Adjusted(bars.Close[i], bars.Split[i]), AdjustedDigits);
                    rows.Whole(Volume, AdjustedVolume(bars, i));
                    break;
                default:
                    PrintDividendAdjusted(bars, i, rows);
                    break;
            }

            rows.EndRow();
        }
    }

    /// <summary>The bars asked for, as indexes: from the first up to but without the end.</summary>
    private static (int First, int End) Window(PriceHistory prices, ApiRequest request)
    {
        if (prices.Count == 0 || !request.TryDate("from", out var from) || !request.TryDate("to", out var to))
            return (0, 0);
        var last = to ?? DateOnly.FromDayNumber(prices.Days.Span[^1]);
        var start = from ?? (last.Year > DefaultYears ? last.AddYears(-DefaultYears) : DateOnly.MinValue);
        if (start > last)
            return (0, 0);
        var end = last == DateOnly.MaxValue ? prices.Count : prices.IndexOf(last.AddDays(1));
        return (Math.Max(prices.IndexOf(start), end - MostRows), end);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PrintAsTraded(in Bars bars, int i, JsonRows rows)
    {
        rows.Scaled(AdjOpen, bars.Open[i], PriceHistory.Digits);
        rows.Scaled(AdjHigh, bars.High[i], PriceHistory.Digits);
        rows.Scaled(AdjLow, bars.Low[i], PriceHistory.Digits);
        rows.Scaled(AdjClose, bars.Close[i], PriceHistory.Digits);
        rows.Whole(Volume, bars.Volume[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PrintDividendAdjusted(in Bars bars, int i, JsonRows rows)
    {
        var factor = bars.Total[i];
        rows.Scaled(AdjOpen, Adjusted(bars.Open[i], factor), AdjustedDigits);
        rows.Scaled(AdjHigh, Adjusted(bars.High[i], factor), AdjustedDigits);
        rows.Scaled(AdjLow, Adjusted(bars.Low[i], factor), AdjustedDigits);
        rows.Scaled(AdjClose, Adjusted(bars.Close[i], factor), AdjustedDigits);
        rows.Whole(Volume, AdjustedVolume(bars, i));
    }

    /// <summary>FMP's change is close less open of the same day, and its vwap the plain mean of the four prices (seen in recorded replies).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PrintFull(in Bars bars, int i, JsonRows rows)
    {
        var factor = bars.Split[i];
        var open = Adjusted(bars.Open[i], factor);
        var high = Adjusted(bars.High[i], factor);
        var low = Adjusted(bars.Low[i], factor);
        var close = Adjusted(bars.Close[i], factor);
        rows.Scaled(Open, open, AdjustedDigits);
        rows.Scaled(High, high, AdjustedDigits);
        rows.Scaled(Low, low, AdjustedDigits);
        rows.Scaled(Close, close, AdjustedDigits);
        rows.Whole(Volume, AdjustedVolume(bars, i));
        rows.Scaled(Change, close - open, AdjustedDigits);
        var percent = open == 0 ? 0 : 100.0 * (close - open) / open;
        var digits = Math.Abs(percent) < 1 ? 5 : 2; // as recorded: -0.59723 but -1.35
        rows.Scaled(ChangePercent, (long)Math.Round(percent * (digits == 5 ? 1e5 : 1e2)), digits);
        rows.Scaled(Vwap, (long)Math.Round((open + high + low + close) / 4.0), AdjustedDigits);
    }

    private static long Adjusted(long price, double factor) => (long)Math.Round(price * AdjustedUnit / factor);

    private static long AdjustedVolume(in Bars bars, int i) => bars.Split[i] == 1 ? bars.Volume[i] : (long)Math.Round(bars.Volume[i] * bars.Split[i]);

    private readonly ref struct Bars(Listing listing)
    {
        public readonly ReadOnlySpan<int> Days = listing.Prices.Days.Span;
        public readonly ReadOnlySpan<long> Open = listing.Prices.Open.Span;
        public readonly ReadOnlySpan<long> High = listing.Prices.High.Span;
        public readonly ReadOnlySpan<long> Low = listing.Prices.Low.Span;
        public readonly ReadOnlySpan<long> Close = listing.Prices.Close.Span;
        public readonly ReadOnlySpan<long> Volume = listing.Prices.Volume.Span;
        public readonly ReadOnlySpan<double> Split = listing.Factors.Split;
        public readonly ReadOnlySpan<double> Total = listing.Factors.Total;
    }
}
