using System.Globalization;
using Finks.Ingestion.Planning;

namespace Finks.Cli.Commands;

/// <summary>Values of options from text, with errors that say what to write.</summary>
internal static class OptionText
{
    public static DateOnly Date(string text, string option) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : throw new UsageException($"{option} '{text}' is not a date. Write it as 2025-12-31.");

    /// <summary>An instant: a date (the last moment of that day, UTC) or a time with an offset; null when the text is neither.</summary>
    public static DateTimeOffset? TryInstant(string text)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return new DateTimeOffset(date.ToDateTime(TimeOnly.MaxValue), TimeSpan.Zero);
        const DateTimeStyles style = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, style, out var time) ? time : null;
    }

    /// <summary>A span of time: <c>30d</c>, <c>12h</c> or <c>90m</c>.</summary>
    public static TimeSpan Span(string text, string option) =>
        text.Length > 1 && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? text[^1] switch
            {
                'd' => TimeSpan.FromDays(number),
                'h' => TimeSpan.FromHours(number),
                'm' => TimeSpan.FromMinutes(number),
                _ => throw NoSpan(text, option),
            }
            : throw NoSpan(text, option);

    /// <summary><c>symbol=AAPL,date=2020-08-31</c> to names and values.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Key(IEnumerable<string> parts) =>
    [
        .. parts.SelectMany(p => p.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Select(pair => pair.Split('=', 2) is [{ Length: > 0 } name, var value]
            ? KeyValuePair.Create(name.Trim(), value.Trim())
            : throw new UsageException($"'{pair}' is no part of a key. Write --key symbol=AAPL,date=2020-08-31.")),
    ];

    public static DateRange Range(DateOnly from, DateOnly to) =>
        from <= to ? new DateRange(from, to) : throw new UsageException($"--from {from:yyyy-MM-dd} is after --to {to:yyyy-MM-dd}.");

    private static UsageException NoSpan(string text, string option) => new($"{option} '{text}' is no span of time. Write 30d, 12h or 90m.");
}
