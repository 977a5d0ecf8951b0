using NodaTime;
using NodaTime.Extensions;

namespace Finks.Orchestration.Scheduling;

/// <summary>The trading sessions of an exchange: its rules, and a table of the days that differ from them. Immutable.</summary>
public sealed class ExchangeCalendar
{
    private readonly DateTimeZone _zone;
    private readonly TradingHours _regular;
    private readonly Func<int, IEnumerable<SpecialDay>> _rules;
    private readonly ILookup<int, SpecialDay> _exceptions;

    internal ExchangeCalendar(
        string exchange,
        string zone,
        DateOnly validFrom,
        TradingHours regular,
        Func<int, IEnumerable<SpecialDay>> rules,
        IEnumerable<SpecialDay> exceptions)
    {
        (Exchange, ValidFrom, _regular, _rules) = (exchange, validFrom, regular, rules);
        _zone = DateTimeZoneProviders.Tzdb[zone];
        _exceptions = exceptions.ToLookup(day => day.Date.Year);
    }

    /// <summary>The New York Stock Exchange; Nasdaq trades at the same times.</summary>
    public static ExchangeCalendar NewYork { get; } = new(
        "XNYS",
        "America/New_York",
        new DateOnly(1990, 1, 1),
        NewYorkRules.Regular,
        NewYorkRules.Of,
        SpecialDayTable.Read("xnys-exceptions.csv"));

    /// <summary>The market identifier code of ISO 10383.</summary>
    public string Exchange { get; }

    /// <summary>Nothing is known of days before this one. Days to come follow from the rules as they are now.</summary>
    public DateOnly ValidFrom { get; }

    /// <summary>The calendar of an exchange.</summary>
    /// <param name="exchange">Its market identifier code.</param>
    /// <exception cref="ScheduleException">There is no calendar of it.</exception>
    public static ExchangeCalendar Of(string exchange) => exchange == NewYork.Exchange
        ? NewYork
        : throw new ScheduleException($"There is no calendar of the exchange '{exchange}'; "
            + $"Finks has {NewYork.Exchange} (New York, Nasdaq). "
            + "Use that, or a cron schedule in the exchange's time zone.");

    public bool IsSession(DateOnly date) => Session(date) is not null;

    /// <summary>The session of a day; null when there is none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The day is before <see cref="ValidFrom"/>.</exception>
    public TradingSession? Session(DateOnly date) => Sessions(date, date).SingleOrDefault();

    /// <summary>The sessions from one day to another, both included.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A day is before <see cref="ValidFrom"/>.</exception>
    public IEnumerable<TradingSession> Sessions(DateOnly from, DateOnly to)
    {
        if (from < ValidFrom)
            throw new ArgumentOutOfRangeException(nameof(from), from, $"The calendar of {Exchange} begins on {ValidFrom:yyyy-MM-dd}; "
                + "ask for days from then on.");
        return Walk(from, to);
    }

    /// <summary>The first session after a day.</summary>
    public TradingSession Next(DateOnly date) => Sessions(date.AddDays(1), DateOnly.MaxValue).First();

    /// <summary>The last session before a day.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It would be before <see cref="ValidFrom"/>.</exception>
    public TradingSession Previous(DateOnly date)
    {
        for (var day = date.AddDays(-1); ; day = day.AddDays(-1))
        {
            if (Session(day) is { } session)
                return session;
        }
    }

    private IEnumerable<TradingSession> Walk(DateOnly from, DateOnly to)
    {
        Dictionary<DateOnly, SpecialDay> special = [];
        var year = 0;
        for (var number = from.DayNumber; number <= to.DayNumber; number++)
        {
            var date = DateOnly.FromDayNumber(number);
            if (date.Year != year)
                special = SpecialDays(year = date.Year);
            if (date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
                continue;
            if ((special.TryGetValue(date, out var day) ? day.Hours : _regular) is { } hours)
                yield return new TradingSession(date, Utc(date, hours.Open), Utc(date, hours.Close), hours.Close < _regular.Close);
        }
    }

    /// <summary>The exceptions overrule the rules, and holidays, which come last, the early closes.</summary>
    private Dictionary<DateOnly, SpecialDay> SpecialDays(int year)
    {
        var days = new Dictionary<DateOnly, SpecialDay>();
        foreach (var day in _rules(year).Concat(_exceptions[year]))
            days[day.Date] = day;
        return days;
    }

    /// <summary>Strict: no exchange opens or closes in an hour that the clocks skip or repeat.</summary>
    private DateTimeOffset Utc(DateOnly date, TimeOnly time) =>
        date.ToLocalDate().At(time.ToLocalTime()).InZoneStrictly(_zone).ToInstant().ToDateTimeOffset();
}
