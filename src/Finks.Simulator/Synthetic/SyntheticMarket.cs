using System.Globalization;

namespace Finks.Simulator;

/// <summary>
/// An invented market that a seed determines fully: prices, splits, dividends, income statements and profiles that fit together. The path of a
/// day does not depend on how far the market is shown, so <see cref="AsOf"/> lets days pass.
/// </summary>
public sealed class SyntheticMarket : ListedMarket
{
    private readonly int _seed;
    private readonly IReadOnlyList<DateOnly> _days;
    private readonly double[] _market;

    /// <param name="until">The last visible day.</param>
    /// <param name="seed">The same seed gives the same market.</param>
    /// <param name="symbols">How many symbols, 1 to 999, named FKA01, FKA02 and so on.</param>
    /// <param name="years">How many years of prices end with <paramref name="until"/>, 1 to 50.</param>
    public SyntheticMarket(DateOnly until, int seed = 1, int symbols = 30, int years = 5)
        : this(seed, Names(symbols), FirstDay(until, years), until)
    {
    }

    private SyntheticMarket(int seed, IReadOnlyList<string> symbols, DateOnly first, DateOnly until)
        : base(symbols, first, until)
    {
        if (until < first)
            throw new ArgumentOutOfRangeException(nameof(until), until, $"The market begins on {first:yyyy-MM-dd}; show it from that day on.");
        _seed = seed;
        _days = [.. TradingDays.Between(first, until)];
        var dice = Dice.For(seed, symbol: -1, purpose: 0);
        _market = [.. _days.Select(_ => 0.00025 + (0.008 * dice.Normal()))];
    }

    /// <summary>The same market at the end of another day, the same day by day as far as both go.</summary>
    public SyntheticMarket AsOf(DateOnly until) => new(_seed, Symbols, First, until);

    protected override Listing Load(string symbol)
    {
        var number = int.Parse(symbol.AsSpan(3), CultureInfo.InvariantCulture);
        var traits = SyntheticTraits.Of(_seed, number);
        var path = SyntheticPath.Walk(Dice.For(_seed, number, purpose: 1), traits, _days, _market);
        var statements = SyntheticStatements.Of(Dice.For(_seed, number, purpose: 2), traits, First, Until, path.Splits);
        return new Listing(symbol, path.Prices, path.Splits, path.Dividends, statements, traits.Company(First, path.Splits));
    }

    private static List<string> Names(int symbols) => symbols is >= 1 and <= 999
        ? [.. Enumerable.Range(1, symbols).Select(number => string.Create(CultureInfo.InvariantCulture, $"FKA{number:00}")).Order(StringComparer.Ordinal)]
        : throw new ArgumentOutOfRangeException(nameof(symbols), symbols, "A synthetic market has 1 to 999 symbols.");

    private static DateOnly FirstDay(DateOnly until, int years) => years is >= 1 and <= 50
        ? until.AddYears(-years).AddDays(1)
        : throw new ArgumentOutOfRangeException(nameof(years), years, "A synthetic market has 1 to 50 years.");
}
