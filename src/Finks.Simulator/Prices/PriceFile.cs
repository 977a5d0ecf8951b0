namespace Finks.Simulator;

/// <summary>
/// A market of real prices from a Parquet file with the columns symbol, date, open, high, low, close (as traded), volume, dividend_amount and
/// split_coefficient. It has no profiles and statements. The file is read once; what is derived is made per symbol when asked for.
/// </summary>
public sealed class PriceFile : ListedMarket
{
    private readonly PriceColumns _columns;

    private PriceFile(PriceColumns columns, DateOnly until)
        : base([.. columns.Symbols.Keys.Order(StringComparer.Ordinal)], DateOnly.FromDayNumber(columns.Days.Min()), until) => _columns = columns;

    /// <param name="file">The path of the Parquet file.</param>
    /// <param name="until">The last visible day; null means the last day of the file.</param>
    /// <exception cref="InvalidDataException">The file has no rows.</exception>
    public static PriceFile Open(string file, DateOnly? until = null)
    {
        var columns = PriceColumns.Read(file);
        if (columns.Days.Length == 0)
            throw new InvalidDataException($"The price file {file} has no rows, so there is nothing to serve. Give a file with prices.");
        return new PriceFile(columns, until ?? DateOnly.FromDayNumber(columns.Days.Max()));
    }

    /// <summary>The same prices, seen at the end of another day.</summary>
    public PriceFile AsOf(DateOnly until) => new(_columns, until);

    protected override Listing Load(string symbol)
    {
        var rows = _columns.Symbols[symbol];
        var prices = new PriceHistory(
            _columns.Days.AsMemory(rows),
            _columns.Open.AsMemory(rows),
            _columns.High.AsMemory(rows),
            _columns.Low.AsMemory(rows),
            _columns.Close.AsMemory(rows),
            _columns.Volume.AsMemory(rows));
        return new Listing(
            symbol,
            prices,
            [.. _columns.Splits.Where(s => Holds(rows, s.Row)).Select(s => SplitAt(s.Row, s.Ratio))],
            [.. _columns.Dividends.Where(d => Holds(rows, d.Row)).Select(d => new Dividend(DayAt(d.Row), d.Millionths, null, null, null, ""))],
            [],
            null);
    }

    private static bool Holds(Range rows, int row) => row >= rows.Start.Value && row < rows.End.Value;

    private Split SplitAt(int row, long ratio)
    {
        var (numerator, denominator) = Fraction.Of(ratio);
        return new Split(DayAt(row), numerator, denominator);
    }

    private DateOnly DayAt(int row) => DateOnly.FromDayNumber(_columns.Days[row]);
}
