using System.Globalization;

namespace Finks.Simulator;

/// <summary>What stays the same for one invented company. Prices are in cents.</summary>
internal sealed record SyntheticTraits(
    int Number,
    double FirstPrice,
    double Drift,
    double Volatility,
    double Beta,
    double DividendYield,
    int DividendMonth,
    int FiscalYearEnd,
    long FirstShares,
    double DailyVolume,
    long Revenue)
{
    private static readonly (string Sector, string Industry)[] Businesses =
    [
        ("Technology", "Software - Application"), ("Healthcare", "Medical - Devices"), ("Industrials", "Industrial - Machinery"),
        ("Energy", "Oil & Gas Midstream"), ("Consumer Cyclical", "Specialty Retail"), ("Utilities", "Regulated Electric"),
        ("Financial Services", "Banks - Regional"), ("Basic Materials", "Chemicals"),
    ];

    public bool PaysDividends => DividendYield > 0;

    /// <summary>
    /// One in six runs away upwards and one in nine downwards, so that every market of some size has splits of both kinds; every second one
    /// pays dividends; fiscal years end in December, June or September.
    /// </summary>
    public static SyntheticTraits Of(int seed, int number)
    {
        var dice = Dice.For(seed, number, purpose: 0);
        var (runsUp, runsDown) = (number % 6 == 1, number % 9 == 5);
        var first = runsUp ? dice.Between(9_000, 20_000) : runsDown ? dice.Between(400, 900) : dice.Between(2_000, 18_000);
        var drift = runsUp ? dice.Between(0.45, 0.75) : runsDown ? dice.Between(-0.70, -0.50) : dice.Between(-0.08, 0.20);
        var shares = dice.Whole(20, 1_500) * 1_000_000L;
        return new SyntheticTraits(
            number,
            Math.Round(first),
            drift,
            Volatility: dice.Between(0.006, 0.022),
            Beta: dice.Whole(50, 160) / 100.0,
            DividendYield: number % 2 == 0 ? dice.Between(0.008, 0.04) : 0,
            DividendMonth: dice.Whole(1, 3),
            FiscalYearEnd: number % 5 == 3 ? 6 : number % 7 == 6 ? 9 : 12,
            shares,
            DailyVolume: shares * dice.Between(0.003, 0.012),
            Revenue: (long)(shares * first / 100 * dice.Between(0.08, 0.3)) / 1_000 * 1_000);
    }

    public string Cik => string.Create(CultureInfo.InvariantCulture, $"99{Number:00000000}");

    public Company Company(DateOnly first, IReadOnlyList<Split> splits)
    {
        var (sector, industry) = Businesses[Number % Businesses.Length];
        return new Company(
            string.Create(CultureInfo.InvariantCulture, $"Synthetic Company {Number:00}"),
            Cik,
            Number % 3 == 0 ? "NYSE" : "NASDAQ",
            Number % 3 == 0 ? "New York Stock Exchange" : "NASDAQ Global Select",
            sector,
            industry,
            "This company does not exist. Its prices, dividends, splits and statements are synthetic data made by Finks for tests and demonstrations.",
            (int)Math.Round(Beta * 100),
            SharesAt(DateOnly.MaxValue, splits),
            Employees: (int)(Revenue / 400_000) + 50,
            first);
    }

    /// <summary>Shares outstanding in the shares of a day.</summary>
    public long SharesAt(DateOnly day, IReadOnlyList<Split> splits) =>
        splits.Where(s => s.Date <= day).Aggregate(FirstShares, (shares, split) => shares * split.Numerator / split.Denominator);
}
