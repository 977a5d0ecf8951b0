namespace Finks.Simulator;

/// <summary>
/// Divisors that turn as-traded prices into adjusted ones. Split: the product of the ratios of all later splits. Total return: that, and for
/// every later dividend D with the close P of its ex-date 1 + D/P, the convention of the price file this simulator serves.
/// </summary>
internal sealed record AdjustmentFactors(double[] Split, double[] Total)
{
    public static AdjustmentFactors Of(PriceHistory prices, IReadOnlyList<Split> splits, IReadOnlyList<Dividend> dividends)
    {
        var split = new double[prices.Count];
        var total = new double[prices.Count];
        var days = prices.Days.Span;
        var close = prices.Close.Span;
        double splitFactor = 1, totalFactor = 1;
        var (s, d) = (splits.Count - 1, dividends.Count - 1);
        for (var i = prices.Count - 1; i >= 0; i--)
        {
            split[i] = splitFactor;
            total[i] = totalFactor;

            // Events of this day, or of a day without trading before the next bar, change all earlier bars.
            var before = i > 0 ? days[i - 1] : int.MaxValue;
            for (; s >= 0 && splits[s].Date.DayNumber > before; s--)
            {
                splitFactor *= splits[s].Ratio;
                totalFactor *= splits[s].Ratio;
            }

            for (; d >= 0 && dividends[d].ExDate.DayNumber > before; d--)
                totalFactor *= 1 + (dividends[d].Amount / ((double)close[i] / PriceHistory.Unit));
        }

        return new(split, total);
    }
}
