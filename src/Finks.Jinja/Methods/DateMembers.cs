namespace Finks.Jinja;

/// <summary>Attributes and methods of Python's date, datetime, time and timedelta.</summary>
internal static class DateMembers
{
    private static readonly string[] Fields = ["year", "month", "day", "hour", "minute", "second", "microsecond"];

    public static bool TryGet(object owner, string name, out object? value)
    {
        value = owner switch
        {
            TimeSpan span => OfSpan(span, name),
            TimeOnly time => OfClock(time, name),
            _ => OfDate(owner, name),
        };
        return value is not null;
    }

    private static object? OfSpan(TimeSpan span, string name) => name switch
    {
        "days" => (long)Math.Floor(span.TotalDays),
        "seconds" => (long)(span - TimeSpan.FromDays(Math.Floor(span.TotalDays))).TotalSeconds,
        "microseconds" => (span - TimeSpan.FromDays(Math.Floor(span.TotalDays))).Ticks / 10 % 1_000_000,
        "total_seconds" => new BoundMethod(span, name, _ => span.TotalSeconds),
        _ => null,
    };

    private static object? OfClock(TimeOnly time, string name) => name switch
    {
        "hour" => (long)time.Hour,
        "minute" => (long)time.Minute,
        "second" => (long)time.Second,
        "microsecond" => time.Ticks / 10 % 1_000_000,
        _ => Shared(time, name),
    };

    private static object? OfDate(object owner, string name)
    {
        var moment = owner switch
        {
            DateOnly day => day.ToDateTime(default),
            DateTimeOffset zoned => zoned.DateTime,
            _ => (DateTime)owner,
        };
        return name switch
        {
            "year" => (long)moment.Year,
            "month" => (long)moment.Month,
            "day" => (long)moment.Day,
            "weekday" => new BoundMethod(owner, name, _ => ((long)moment.DayOfWeek + 6) % 7),
            "isoweekday" => new BoundMethod(owner, name, _ => (((long)moment.DayOfWeek + 6) % 7) + 1),
            "replace" => new BoundMethod(owner, name, call => Replace(owner, moment, call)),
            "hour" when owner is not DateOnly => (long)moment.Hour,
            "minute" when owner is not DateOnly => (long)moment.Minute,
            "second" when owner is not DateOnly => (long)moment.Second,
            "microsecond" when owner is not DateOnly => moment.Ticks / 10 % 1_000_000,
            "date" when owner is not DateOnly => new BoundMethod(owner, name, _ => DateOnly.FromDateTime(moment)),
            "time" when owner is not DateOnly => new BoundMethod(owner, name, _ => TimeOnly.FromDateTime(moment)),
            "timestamp" when owner is DateTimeOffset zoned => new BoundMethod(owner, name, _ => (zoned - DateTimeOffset.UnixEpoch).TotalSeconds),
            _ => Shared(owner, name),
        };
    }

    private static BoundMethod? Shared(object owner, string name) => name switch
    {
        "isoformat" => new BoundMethod(owner, name, _ => PyDates.Iso(owner)),
        "strftime" => new BoundMethod(owner, name, call => PyDates.Strftime(owner, PyValue.Str(call.Required(0, "format")))),
        _ => null,
    };

    private static object Replace(object owner, DateTime moment, CallArguments call)
    {
        if (call.Keyword.Keys.FirstOrDefault(key => !Fields.Contains(key)) is { } unknown)
            throw PyError.Type($"replace() does not support the argument '{unknown}' here");
        int Part(int index, int current) => PyValue.AsIndex(call.Optional(index, Fields[index], (long)current));
        try
        {
            var replaced = new DateTime(Part(0, moment.Year), Part(1, moment.Month), Part(2, moment.Day), Part(3, moment.Hour), Part(4, moment.Minute), Part(5, moment.Second))
                .AddTicks(10L * Part(6, (int)(moment.Ticks / 10 % 1_000_000)));
            return owner switch
            {
                DateOnly => DateOnly.FromDateTime(replaced),
                DateTimeOffset zoned => new DateTimeOffset(replaced, zoned.Offset),
                _ => replaced,
            };
        }
        catch (ArgumentOutOfRangeException)
        {
            throw PyError.Value("day is out of range for month");
        }
    }
}
