using System.Globalization;

namespace Finks.Simulator.Tests;

public class TradingDaysTests
{
    /// <summary>Days on which the exchange stayed shut for mourning, attack or storm.</summary>
    private static readonly string[] Closures =
        ["2001-09-11", "2001-09-12", "2001-09-13", "2001-09-14", "2004-06-11", "2007-01-02", "2012-10-29", "2012-10-30", "2018-12-05", "2025-01-09"];

    [Fact]
    public void Sessions_are_those_of_the_New_York_Stock_Exchange()
    {
        var sessions = File.ReadLines(Checkout.Shared("data", "calendars", "XNYS.csv")).Skip(1)
            .Select(line => DateOnly.ParseExact(line.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture))
            .Where(day => day.Year >= 2000).ToList();
        var closures = Closures.Select(c => DateOnly.ParseExact(c, "yyyy-MM-dd", CultureInfo.InvariantCulture));
        Assert.Equal(sessions, TradingDays.Between(new DateOnly(2000, 1, 1), sessions[^1]).Except(closures));
    }
}
