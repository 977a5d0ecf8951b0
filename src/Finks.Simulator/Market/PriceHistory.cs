namespace Finks.Simulator;

/// <summary>
/// Daily bars of one symbol as they were traded, in columns, oldest first. Prices are whole ten-thousandths of the currency, so they are exact.
/// </summary>
/// <param name="Days">Trading days as <see cref="DateOnly.DayNumber"/>, ascending.</param>
public sealed record PriceHistory(
    ReadOnlyMemory<int> Days,
    ReadOnlyMemory<long> Open,
    ReadOnlyMemory<long> High,
    ReadOnlyMemory<long> Low,
    ReadOnlyMemory<long> Close,
    ReadOnlyMemory<long> Volume)
{
    /// <summary>Decimal places of a price.</summary>
    public const int Digits = 4;

    public const long Unit = 10_000;

    public int Count => Days.Length;

    /// <summary>The number of bars before <paramref name="day"/>, which is the index of the first bar on or after it.</summary>
    public int IndexOf(DateOnly day)
    {
        var found = Days.Span.BinarySearch(day.DayNumber);
        return found < 0 ? ~found : found;
    }

    public PriceHistory AsOf(DateOnly until)
    {
        var count = IndexOf(until.AddDays(1));
        return count == Count
            ? this
            : new(Days[..count], Open[..count], High[..count], Low[..count], Close[..count], Volume[..count]);
    }
}
