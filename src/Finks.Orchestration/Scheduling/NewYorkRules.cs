namespace Finks.Orchestration.Scheduling;

/// <summary>Holidays and early closes that the New York Stock Exchange's rules foretell (rule 7.2 and its holiday announcements), from 1990
/// on. Nasdaq trades on the same days.</summary>
internal static class NewYorkRules
{
    private static readonly TimeOnly One = new(13, 0);
    private static readonly TimeOnly Two = new(14, 0);

    public static TradingHours Regular { get; } = new(new TimeOnly(9, 30), new TimeOnly(16, 0));

    /// <summary>The special days of a year. Some fall on a weekend, where they change nothing.</summary>
    public static IEnumerable<SpecialDay> Of(int year) =>
        EarlyCloses(year).Select(day => new SpecialDay(day.Date, Regular with { Close = day.Close }, day.Reason))
            .Concat(Holidays(year).Select(day => new SpecialDay(day.Date, null, day.Reason)));

    private static IEnumerable<(DateOnly Date, string Reason)> Holidays(int year)
    {
        // A New Year's Day on a Saturday is not observed: the Friday closes the month, the quarter and the year.
        var newYear = new DateOnly(year, 1, 1);
        yield return (newYear.DayOfWeek == DayOfWeek.Saturday ? newYear : Observed(newYear), "New Year's Day");
        if (year >= 1998)
            yield return (Nth(3, DayOfWeek.Monday, year, 1), "Martin Luther King, Jr. Day");
        yield return (Nth(3, DayOfWeek.Monday, year, 2), "Washington's Birthday");
        yield return (Easter.Sunday(year).AddDays(-2), "Good Friday");
        yield return (Nth(1, DayOfWeek.Monday, year, 6).AddDays(-7), "Memorial Day"); // the last Monday of May
        if (year >= 2022)
            yield return (Observed(new DateOnly(year, 6, 19)), "Juneteenth");
        yield return (Observed(new DateOnly(year, 7, 4)), "Independence Day");
        yield return (Nth(1, DayOfWeek.Monday, year, 9), "Labor Day");
        yield return (Thanksgiving(year), "Thanksgiving Day");
        yield return (Observed(new DateOnly(year, 12, 25)), "Christmas Day");
    }

    private static IEnumerable<(DateOnly Date, TimeOnly Close, string Reason)> EarlyCloses(int year)
    {
        if (year >= 1995 && IndependenceEve(year) is { } eve)
            yield return (eve, One, "Beside Independence Day");
        if (year >= 1992)
            yield return (Thanksgiving(year).AddDays(1), year == 1992 ? Two : One, "Friday after Thanksgiving");
        yield return (new DateOnly(year, 12, 24), year < 1993 ? Two : One, "Christmas Eve");
    }

    /// <summary>The third of July. When the Fourth was a Thursday it was the Friday after it until 2012, and nothing when a weekend is
    /// between.</summary>
    private static DateOnly? IndependenceEve(int year) => new DateOnly(year, 7, 4).DayOfWeek switch
    {
        DayOfWeek.Thursday when year < 2013 => new DateOnly(year, 7, 5),
        DayOfWeek.Tuesday or DayOfWeek.Wednesday or DayOfWeek.Thursday or DayOfWeek.Friday => new DateOnly(year, 7, 3),
        _ => null,
    };

    private static DateOnly Thanksgiving(int year) => Nth(4, DayOfWeek.Thursday, year, 11);

    private static DateOnly Observed(DateOnly holiday) => holiday.DayOfWeek switch
    {
        DayOfWeek.Saturday => holiday.AddDays(-1),
        DayOfWeek.Sunday => holiday.AddDays(1),
        _ => holiday,
    };

    private static DateOnly Nth(int n, DayOfWeek weekday, int year, int month)
    {
        var first = new DateOnly(year, month, 1);
        return first.AddDays(((weekday - first.DayOfWeek + 7) % 7) + (7 * (n - 1)));
    }
}
