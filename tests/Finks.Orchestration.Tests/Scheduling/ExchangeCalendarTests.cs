using System.Globalization;
using Finks.Orchestration.Scheduling;

namespace Finks.Orchestration.Tests.Scheduling;

public sealed class ExchangeCalendarTests
{
    private static readonly ExchangeCalendar NewYork = ExchangeCalendar.NewYork;

    [Fact]
    public void Every_session_since_1990_is_that_of_an_independent_calendar_to_the_minute()
    {
        var expected = File.ReadLines(Checkout.Shared("data", "calendars", "XNYS.csv")).Skip(1).ToList();
        var last = DateOnly.Parse(expected[^1].Split(',')[0], CultureInfo.InvariantCulture);

        var sessions = NewYork.Sessions(new DateOnly(1990, 1, 1), last).Select(s => string.Create(
            CultureInfo.InvariantCulture, $"{s.Date:yyyy-MM-dd},{s.Open:yyyy-MM-dd'T'HH:mm'Z'},{s.Close:yyyy-MM-dd'T'HH:mm'Z'},{(s.ClosesEarly ? "true" : "false")}"));

        Assert.InRange(expected.Count, 9000, int.MaxValue);
        Assert.Equal(expected, sessions);
    }

    [Theory]
    [InlineData("1994-04-27")] // Nixon
    [InlineData("2001-09-11")]
    [InlineData("2001-09-12")]
    [InlineData("2001-09-13")]
    [InlineData("2001-09-14")]
    [InlineData("2004-06-11")] // Reagan
    [InlineData("2007-01-02")] // Ford
    [InlineData("2012-10-29")] // Sandy
    [InlineData("2012-10-30")]
    [InlineData("2018-12-05")] // Bush
    [InlineData("2025-01-09")] // Carter
    [InlineData("1998-01-19")] // the first Martin Luther King, Jr. Day
    [InlineData("2022-06-20")] // the first Juneteenth, a Sunday
    [InlineData("2015-07-03")] // the Fourth on a Saturday
    [InlineData("2021-07-05")] // the Fourth on a Sunday
    [InlineData("2010-12-24")] // Christmas on a Saturday
    [InlineData("2022-12-26")] // Christmas on a Sunday
    [InlineData("2023-01-02")] // New Year on a Sunday
    [InlineData("2024-03-29")] // Good Friday
    [InlineData("2026-11-21")] // a Saturday
    public void New_York_was_closed_on(string date) => Assert.False(NewYork.IsSession(Day(date)));

    [Theory]
    [InlineData("2001-09-10")]
    [InlineData("2001-09-17")]
    [InlineData("1997-01-20")] // the year before Martin Luther King, Jr. Day
    [InlineData("2021-06-18")] // the year before Juneteenth
    [InlineData("2010-12-31")] // New Year on a Saturday is not observed
    [InlineData("2021-12-31")]
    [InlineData("2023-11-10")] // Veterans Day
    [InlineData("2023-10-09")] // Columbus Day
    public void New_York_was_open_on(string date) => Assert.True(NewYork.IsSession(Day(date)));

    [Theory]
    [InlineData("2024-07-03", "17:00")] // 13:00 in summer
    [InlineData("2024-11-29", "18:00")] // 13:00 in winter
    [InlineData("1992-11-27", "19:00")] // 14:00 until 1992
    [InlineData("2002-07-05", "17:00")] // the Friday, until 2012
    [InlineData("1999-12-31", "18:00")]
    [InlineData("2003-12-26", "18:00")]
    public void New_York_closed_early_on(string date, string utc)
    {
        var session = NewYork.Session(Day(date))!;

        Assert.True(session.ClosesEarly);
        Assert.Equal(DateTimeOffset.Parse($"{date}T{utc}Z", CultureInfo.InvariantCulture), session.Close);
    }

    [Fact]
    public void An_ordinary_session_lasts_from_half_past_nine_to_four_in_New_York_whatever_the_season()
    {
        var summer = NewYork.Session(new DateOnly(2026, 7, 6))!;
        var winter = NewYork.Session(new DateOnly(2026, 11, 23))!;

        Assert.Equal(new TradingSession(new DateOnly(2026, 7, 6), Utc(2026, 7, 6, 13, 30), Utc(2026, 7, 6, 20, 0), false), summer);
        Assert.Equal(new TradingSession(new DateOnly(2026, 11, 23), Utc(2026, 11, 23, 14, 30), Utc(2026, 11, 23, 21, 0), false), winter);
    }

    // Published dates of Easter, among them the earliest and the latest of four centuries.
    [Theory]
    [InlineData("1818-03-22")]
    [InlineData("1943-04-25")]
    [InlineData("1981-04-19")]
    [InlineData("2000-04-23")]
    [InlineData("2008-03-23")]
    [InlineData("2011-04-24")]
    [InlineData("2024-03-31")]
    [InlineData("2038-04-25")]
    [InlineData("2049-04-18")]
    [InlineData("2285-03-22")]
    public void Easter_is_on(string date) => Assert.Equal(Day(date), Easter.Sunday(Day(date).Year));

    [Fact]
    public void Next_and_previous_pass_over_weekends_and_holidays()
    {
        Assert.Equal(new DateOnly(2026, 7, 6), NewYork.Next(new DateOnly(2026, 7, 2)).Date);
        Assert.Equal(new DateOnly(2026, 7, 2), NewYork.Previous(new DateOnly(2026, 7, 6)).Date);
        Assert.Equal(new DateOnly(2001, 9, 17), NewYork.Next(new DateOnly(2001, 9, 10)).Date);
    }

    [Fact]
    public void Next_and_previous_walk_through_the_sessions_one_by_one()
    {
        var sessions = NewYork.Sessions(new DateOnly(2012, 1, 1), new DateOnly(2012, 12, 31)).ToList();

        Assert.Equal(250, sessions.Count); // published: 252 less the two days of Sandy
        foreach (var (earlier, later) in sessions.Zip(sessions.Skip(1)))
        {
            Assert.Equal(later, NewYork.Next(earlier.Date));
            Assert.Equal(earlier, NewYork.Previous(later.Date));
        }
    }

    [Fact]
    public void Days_before_the_calendar_begins_are_refused()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => NewYork.IsSession(new DateOnly(1989, 12, 29)));

        Assert.Contains("begins on 1990-01-01", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => NewYork.Previous(new DateOnly(1990, 1, 2)));
    }

    [Fact]
    public void An_exchange_without_a_calendar_is_refused_with_those_that_have_one()
    {
        var error = Assert.Throws<ScheduleException>(() => ExchangeCalendar.Of("XLON"));

        Assert.Contains("'XLON'", error.Message, StringComparison.Ordinal);
        Assert.Contains("XNYS", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_of_exceptions_knows_late_openings_and_its_reasons()
    {
        var days = SpecialDayTable.Parse("# why\ndate,hours,reason\n2030-01-07,11:00-16:00,Snow, much of it\n2030-01-08,closed,More snow\n");

        Assert.Equal(
            [
                new SpecialDay(new DateOnly(2030, 1, 7), new TradingHours(new TimeOnly(11, 0), new TimeOnly(16, 0)), "Snow, much of it"),
                new SpecialDay(new DateOnly(2030, 1, 8), null, "More snow"),
            ],
            days);
        var snowy = new ExchangeCalendar("SNOW", "America/New_York", new DateOnly(2030, 1, 1), NewYorkRules.Regular, NewYorkRules.Of, days);
        Assert.Equal(
            [new TradingSession(new DateOnly(2030, 1, 7), Utc(2030, 1, 7, 16, 0), Utc(2030, 1, 7, 21, 0), false)],
            snowy.Sessions(new DateOnly(2030, 1, 7), new DateOnly(2030, 1, 8)));
    }

    private static DateOnly Day(string date) => DateOnly.ParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateTimeOffset Utc(int year, int month, int day, int hour, int minute) =>
        new(year, month, day, hour, minute, 0, TimeSpan.Zero);
}
