namespace Finks.Simulator;

/// <summary>
/// The walk of one invented share. A day's return is the market's times beta, plus noise, plus drift; prices are rounded to cents every day and
/// go on from the rounded value. A price that runs away is split some sessions later; a dividend comes off the price on its ex-date.
/// </summary>
internal sealed class SyntheticPath
{
    private const double SessionsInAYear = 252;
    private const double Ceiling = 26_000, HighCeiling = 30_000, Floor = 200;
    private const int SessionsToSplit = 12;
    private const double LargestMove = 0.2;

    private readonly Dice _dice;
    private readonly SyntheticTraits _traits;
    private readonly long[] _open, _high, _low, _close, _volume;
    private readonly List<Split> _splits = [];
    private readonly List<Dividend> _dividends = [];

    private SyntheticPath(Dice dice, SyntheticTraits traits, IReadOnlyList<DateOnly> days)
    {
        (_dice, _traits) = (dice, traits);
        (_open, _high, _low, _close, _volume) = (new long[days.Count], new long[days.Count], new long[days.Count], new long[days.Count], new long[days.Count]);
        Prices = new PriceHistory(days.Select(d => d.DayNumber).ToArray(), _open, _high, _low, _close, _volume);
    }

    public PriceHistory Prices { get; }

    public IReadOnlyList<Split> Splits => _splits;

    public IReadOnlyList<Dividend> Dividends => _dividends;

    public static SyntheticPath Walk(Dice dice, SyntheticTraits traits, IReadOnlyList<DateOnly> days, double[] market)
    {
        var path = new SyntheticPath(dice, traits, days);
        var calendar = new DividendCalendar(traits);
        var last = traits.FirstPrice;
        var shares = 1.0; // shares that one first share has become
        Split? due = null;
        var wait = 0;
        for (var i = 0; i < days.Count; i++)
        {
            if (due is not null && --wait == 0)
            {
                var split = due with { Date = days[i] };
                path._splits.Add(split);
                last /= split.Ratio;
                shares *= split.Ratio;
                due = null;
            }

            if (calendar.IsExDate(days[i]))
                last -= path.Pay(days[i], last);
            last = path.Trade(i, last, market[i], shares);
            if (due is null && (last > Ceiling || last < Floor))
                (due, wait) = (path.Propose(last), SessionsToSplit);
        }

        return path;
    }

    /// <summary>Fills a day's bar and returns its close in cents.</summary>
    private double Trade(int i, double last, double market, double shares)
    {
        var move = Math.Clamp((_traits.Beta * market) + (_traits.Volatility * _dice.Normal()) + (_traits.Drift / SessionsInAYear), -LargestMove, LargestMove);
        var gap = (move * _dice.Uniform()) + (0.2 * _traits.Volatility * _dice.Normal());
        var open = Cents(last * (1 + gap));
        var close = Cents(last * (1 + move));
        var high = Cents(Math.Max(open, close) * (1 + (_traits.Volatility * _dice.Uniform())));
        var low = Cents(Math.Min(open, close) * (1 - (_traits.Volatility * _dice.Uniform())));
        const long unit = PriceHistory.Unit / 100;
        (_open[i], _high[i], _low[i], _close[i]) = ((long)open * unit, (long)Math.Max(high, Math.Max(open, close)) * unit, (long)Math.Min(low, Math.Min(open, close)) * unit, (long)close * unit);
        _volume[i] = (long)(_traits.DailyVolume * shares * (0.6 + (0.8 * _dice.Uniform()) + (15 * Math.Abs(move))));
        return close;
    }

    /// <summary>Records a dividend and returns it in cents.</summary>
    private double Pay(DateOnly exDate, double last)
    {
        var cents = Cents(last * _traits.DividendYield / 4);
        var oneDaySettlement = exDate >= new DateOnly(2024, 5, 28); // the US went to T+1: record date and ex-date became the same
        var known = exDate.Day % 5 != 0; // some rows have blank dates, as FMP's have
        _dividends.Add(new Dividend(
            exDate,
            (long)cents * 10_000,
            known ? oneDaySettlement ? exDate : TradingDays.OnOrAfter(exDate.AddDays(1)) : null,
            known ? TradingDays.OnOrAfter(exDate.AddDays(17)) : null,
            known ? TradingDays.OnOrAfter(exDate.AddDays(-24)) : null,
            "Quarterly"));
        return cents;
    }

    private Split Propose(double price) => price < Floor
        ? new Split(default, 1, 10)
        : new Split(default, price > HighCeiling ? 4 : _dice.Whole(2, 4), 1);

    private static double Cents(double price) => Math.Max(1, Math.Round(price));
}
