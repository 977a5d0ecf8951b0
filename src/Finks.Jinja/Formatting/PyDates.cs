using System.Globalization;
using System.Text;

namespace Finks.Jinja;

/// <summary>Python's date, datetime, time and timedelta: text and arithmetic.</summary>
internal static class PyDates
{
    public static string Str(object value) => value switch
    {
        DateOnly date => Format(date.ToDateTime(default), "yyyy-MM-dd"),
        DateTime moment => Format(moment, "yyyy-MM-dd HH:mm:ss") + Fraction(moment.Ticks),
        DateTimeOffset moment => Format(moment.DateTime, "yyyy-MM-dd HH:mm:ss") + Fraction(moment.Ticks) + Offset(moment.Offset, ":"),
        TimeOnly time => time.ToString("HH:mm:ss", CultureInfo.InvariantCulture) + Fraction(time.Ticks),
        _ => Span((TimeSpan)value),
    };

    public static string Iso(object value) => value is DateTime or DateTimeOffset ? Str(value).Replace(' ', 'T') : Str(value);

    public static string Repr(object value)
    {
        switch (value)
        {
            case DateOnly date: return $"datetime.date({date.Year}, {date.Month}, {date.Day})";
            case TimeOnly time: return $"datetime.time({time.Hour}, {time.Minute}{Tail(time.Second, time.Ticks)})";
            case DateTime moment: return $"datetime.datetime({Parts(moment)})";
            case DateTimeOffset { Offset.Ticks: 0 } moment: return $"datetime.datetime({Parts(moment.DateTime)}, tzinfo=datetime.timezone.utc)";
            case DateTimeOffset moment: return $"datetime.datetime({Parts(moment.DateTime)}, tzinfo=datetime.timezone({Repr(moment.Offset)}))";
        }

        var span = (TimeSpan)value;
        var days = (long)Math.Floor(span.TotalDays);
        var rest = span - TimeSpan.FromDays(days);
        var (seconds, micros) = ((long)rest.TotalSeconds, rest.Ticks / 10 % 1_000_000);
        var parts = new[] { (days, "days"), (seconds, "seconds"), (micros, "microseconds") }.Where(part => part.Item1 != 0).Select(part => $"{part.Item2}={part.Item1}");
        return $"datetime.timedelta({(span == TimeSpan.Zero ? "0" : string.Join(", ", parts))})";
    }

    public static object? Add(object? left, object? right) => (left, right) switch
    {
        (DateOnly date, TimeSpan span) => date.AddDays((int)Math.Floor(span.TotalDays)),
        (DateTime moment, TimeSpan span) => moment + span,
        (DateTimeOffset moment, TimeSpan span) => moment + span,
        (TimeSpan a, TimeSpan b) => a + b,
        (TimeSpan span, DateOnly or DateTime or DateTimeOffset) => Add(right, span),
        _ => null,
    };

    public static object? Subtract(object? left, object? right) => (left, right) switch
    {
        (DateOnly a, DateOnly b) => TimeSpan.FromDays(a.DayNumber - b.DayNumber),
        (DateTime a, DateTime b) => a - b,
        (DateTimeOffset a, DateTimeOffset b) => a - b,
        (TimeSpan a, TimeSpan b) => a - b,
        (DateOnly or DateTime or DateTimeOffset, TimeSpan span) => Add(left, -span),
        _ => null,
    };

    /// <summary>Python's <c>strftime</c> in the C locale.</summary>
    public static string Strftime(object value, string format)
    {
        var (moment, offset) = value switch
        {
            DateOnly date => (date.ToDateTime(default), (TimeSpan?)null),
            DateTimeOffset zoned => (zoned.DateTime, zoned.Offset),
            TimeOnly time => (new DateTime(1900, 1, 1).Add(time.ToTimeSpan()), null),
            _ => ((DateTime)value, null),
        };
        var text = new StringBuilder();
        for (var index = 0; index < format.Length; index++)
        {
            if (format[index] != '%' || index + 1 == format.Length)
            {
                text.Append(format[index]);
                continue;
            }

            var plain = format[++index] == '-' && index + 1 < format.Length;
            var directive = Directive(moment, offset, plain ? format[++index] : format[index]);
            text.Append(plain ? directive.TrimStart('0') is { Length: > 0 } trimmed ? trimmed : "0" : directive);
        }

        return text.ToString();
    }

    private static string Directive(DateTime moment, TimeSpan? offset, char letter) => letter switch
    {
        'Y' => Format(moment, "yyyy"),
        'm' => Format(moment, "MM"),
        'd' => Format(moment, "dd"),
        'e' => moment.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'H' => Format(moment, "HH"),
        'I' => Format(moment, "hh"),
        'M' => Format(moment, "mm"),
        'S' => Format(moment, "ss"),
        'f' => Format(moment, "ffffff"),
        'y' => Format(moment, "yy"),
        'b' or 'h' => Format(moment, "MMM"),
        'B' => Format(moment, "MMMM"),
        'a' => Format(moment, "ddd"),
        'A' => Format(moment, "dddd"),
        'p' => Format(moment, "tt"),
        'j' => moment.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
        'w' => ((int)moment.DayOfWeek).ToString(CultureInfo.InvariantCulture),
        'u' => (((int)moment.DayOfWeek + 6) % 7 + 1).ToString(CultureInfo.InvariantCulture),
        'V' => ISOWeek.GetWeekOfYear(moment).ToString("00", CultureInfo.InvariantCulture),
        'G' => ISOWeek.GetYear(moment).ToString("0000", CultureInfo.InvariantCulture),
        'U' => ((moment.DayOfYear + 6 - (int)moment.DayOfWeek) / 7).ToString("00", CultureInfo.InvariantCulture),
        'W' => ((moment.DayOfYear + 6 - (((int)moment.DayOfWeek + 6) % 7)) / 7).ToString("00", CultureInfo.InvariantCulture),
        'D' => Format(moment, "MM/dd/yy"),
        'F' => Format(moment, "yyyy-MM-dd"),
        'T' or 'X' => Format(moment, "HH:mm:ss"),
        'R' => Format(moment, "HH:mm"),
        'x' => Format(moment, "MM/dd/yy"),
        'c' => Format(moment, "ddd MMM ") + Directive(moment, offset, 'e') + Format(moment, " HH:mm:ss yyyy"),
        's' => new DateTimeOffset(moment, offset ?? TimeSpan.Zero).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        'z' => offset is { } given ? Offset(given, "") : "",
        'Z' => offset is { } zone ? "UTC" + (zone == TimeSpan.Zero ? "" : Offset(zone, ":")) : "",
        'n' => "\n",
        't' => "\t",
        '%' => "%",
        _ => throw PyError.Unsupported($"the strftime directive %{letter} is not supported"),
    };

    private static string Format(DateTime moment, string format) => moment.ToString(format, CultureInfo.InvariantCulture);

    private static string Fraction(long ticks) => ticks / 10 % 1_000_000 is var micros and not 0 ? $".{micros:000000}" : "";

    private static string Offset(TimeSpan offset, string colon) => (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString($"hh'{colon}'mm", CultureInfo.InvariantCulture);

    private static string Parts(DateTime moment) => $"{moment.Year}, {moment.Month}, {moment.Day}, {moment.Hour}, {moment.Minute}{Tail(moment.Second, moment.Ticks)}";

    private static string Tail(int second, long ticks)
    {
        var micros = ticks / 10 % 1_000_000;
        return micros != 0 ? $", {second}, {micros}" : second != 0 ? $", {second}" : "";
    }

    private static string Span(TimeSpan span)
    {
        var days = (long)Math.Floor(span.TotalDays);
        var rest = span - TimeSpan.FromDays(days);
        var clock = $"{rest.Hours}:{rest.Minutes:00}:{rest.Seconds:00}{Fraction(rest.Ticks)}";
        return days == 0 ? clock : $"{days} day{(Math.Abs(days) == 1 ? "" : "s")}, {clock}";
    }
}
