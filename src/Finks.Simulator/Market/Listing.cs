namespace Finks.Simulator;

/// <summary>All there is to know of one symbol. Events and statements are in order of their dates.</summary>
public sealed record Listing(
    string Symbol,
    PriceHistory Prices,
    IReadOnlyList<Split> Splits,
    IReadOnlyList<Dividend> Dividends,
    IReadOnlyList<IncomeStatement> Statements,
    Company? Company)
{
    private readonly Lazy<AdjustmentFactors> _factors = new(() => AdjustmentFactors.Of(Prices, Splits, Dividends));

    /// <summary>What each bar is divided by, counted from the last bar back.</summary>
    internal AdjustmentFactors Factors => _factors.Value;

    /// <summary>What was known at the end of a day. Statements are known from their filing date.</summary>
    public Listing AsOf(DateOnly until) => new(
        Symbol,
        Prices.AsOf(until),
        [.. Splits.Where(s => s.Date <= until)],
        [.. Dividends.Where(d => d.ExDate <= until)],
        [.. Statements.Where(s => s.FilingDate <= until)],
        Company);
}
