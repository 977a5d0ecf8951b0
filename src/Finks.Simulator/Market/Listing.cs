namespace Finks.Simulator;

/// <summary>All there is to know of one symbol. Events and statements are in order of their dates.</summary>
public sealed class Listing(
    string symbol,
    PriceHistory prices,
    IReadOnlyList<Split> splits,
    IReadOnlyList<Dividend> dividends,
    IReadOnlyList<IncomeStatement> statements,
    Company? company)
{
    private readonly Lazy<AdjustmentFactors> _factors = new(() => AdjustmentFactors.Of(prices, splits, dividends));

    public string Symbol { get; } = symbol;

    public PriceHistory Prices { get; } = prices;

    public IReadOnlyList<Split> Splits { get; } = splits;

    public IReadOnlyList<Dividend> Dividends { get; } = dividends;

    public IReadOnlyList<IncomeStatement> Statements { get; } = statements;

    /// <summary>Null where nothing is known of the company; its profile is then an empty list.</summary>
    public Company? Company { get; } = company;

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
