namespace Finks.Simulator;

/// <summary>The paths the simulator knows.</summary>
public static class Endpoints
{
    public const string Profile = "/stable/profile";
    public const string AsTraded = "/stable/historical-price-eod/non-split-adjusted";
    public const string Full = "/stable/historical-price-eod/full";
    public const string Light = "/stable/historical-price-eod/light";
    public const string DividendAdjusted = "/stable/historical-price-eod/dividend-adjusted";
    public const string Dividends = "/stable/dividends";
    public const string Splits = "/stable/splits";
    public const string IncomeStatement = "/stable/income-statement";

    public static IReadOnlyList<string> All { get; } =
        [Profile, AsTraded, Full, Light, DividendAdjusted, Dividends, Splits, IncomeStatement];
}
