namespace Finks.Simulator;

/// <summary>The regular sessions of the New York Stock Exchange since 2000: weekdays less its holidays. Closures for mourning or storms are not in it.</summary>
internal static class TradingDays
{
    public static IEnumerable<DateOnly> Between(DateOnly first, DateOnly last)
    {
        for (var day = first; day <= last; day = day.AddDays(1))
        {
            if (IsSession(day))
                yield return day;
        }
    }

    public static bool IsSession(DateOnly day) => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !IsHoliday(day);

    public static DateOnly OnOrAfter(DateOnly day)
    {
        while (!IsSession(day))
            day = day.AddDays(1);
        return day;
    }

    private static bool IsHoliday(DateOnly day) =>
        // NYSE rule 7.2: New Year's Day on a Saturday is not made up for on the Friday before, which ends the old year.
        (day.Month == 1 && (day.Day == 1 || (day.Day == 2 && day.DayOfWeek == DayOfWeek.Monday)))
        || IsNth(day, 1, DayOfWeek.Monday, 3) // Martin Luther King
        || IsNth(day, 2, DayOfWeek.Monday, 3) // Washington's Birthday
        || day == Easter(day.Year).AddDays(-2)
        || (day.Month == 5 && day.DayOfWeek == DayOfWeek.Monday && day.Day > 24) // Memorial Day
        || (day.Year >= 2022 && IsObserved(day, 6, 19)) // Juneteenth
        || IsObserved(day, 7, 4)
        || IsNth(day, 9, DayOfWeek.Monday, 1) // Labor Day
        || IsNth(day, 11, DayOfWeek.Thursday, 4) // Thanksgiving
        || IsObserved(day, 12, 25);

    private static bool IsNth(DateOnly day, int month, DayOfWeek weekday, int nth) =>
        day.Month == month && day.DayOfWeek == weekday && (day.Day - 1) / 7 == nth - 1;

    /// <summary>On the day, on the Friday before a Saturday or on the Monday after a Sunday.</summary>
    private static bool IsObserved(DateOnly day, int month, int dayOfMonth)
    {
        var holiday = new DateOnly(day.Year, month, dayOfMonth);
        return day == holiday.DayOfWeek switch
        {
            DayOfWeek.Saturday => holiday.AddDays(-1),
            DayOfWeek.Sunday => holiday.AddDays(1),
            _ => holiday,
        };
    }

    /// <summary>Easter Sunday of the Gregorian calendar (Meeus, Astronomical Algorithms, chapter 8).</summary>
    private static DateOnly Easter(int year)
    {
        int a = year % 19, b = year / 100, c = year % 100, d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
        int h = ((19 * a) + b - d - g + 15) % 30, i = c / 4, k = c % 4, l = (32 + (2 * e) + (2 * i) - h - k) % 7;
        var m = (a + (11 * h) + (22 * l)) / 451;
        var n = h + l - (7 * m) + 114;
        return new DateOnly(year, n / 31, (n % 31) + 1);
    }
}
