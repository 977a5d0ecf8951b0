namespace Finks.Orchestration.Scheduling;

/// <summary>The computus of the Gregorian calendar.</summary>
internal static class Easter
{
    /// <summary>Easter Sunday, by the algorithm of Meeus, Jones and Butcher (Meeus, Astronomical Algorithms, chapter 8).</summary>
    public static DateOnly Sunday(int year)
    {
        var (century, ofCentury) = (year / 100, year % 100);
        var moon = year % 19;
        var correction = (century - ((century + 8) / 25) + 1) / 3;
        var epact = ((19 * moon) + century - (century / 4) - correction + 15) % 30;
        var weekday = (32 + (2 * (century % 4)) + (2 * (ofCentury / 4)) - epact - (ofCentury % 4)) % 7;
        var late = (moon + (11 * epact) + (22 * weekday)) / 451;
        var days = epact + weekday - (7 * late) + 114;
        return new DateOnly(year, days / 31, (days % 31) + 1);
    }
}
