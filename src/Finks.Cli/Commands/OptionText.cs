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

    /// <summary>An instant: a date (midnight UTC at its end) or a time with an offset.</summary>
    public static DateTimeOffset Instant(string text, string option)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return new DateTimeOffset(date.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).AddTicks(-1);
        const DateTimeStyles style = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, style, out var time)
            ? time
            : throw new UsageException($"{option} '{text}' is not a time. Write 2025-06-30 (the end of that day, UTC) or 2025-06-30T14:00:00Z.");
    }

    /// <summary><c>symbol=AAPL,date=2020-08-31</c> to names and values.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Key(IEnumerable<string> parts) =>
    [
        .. parts.SelectMany(p => p.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Select(pair => pair.Split('=', 2) is [{ Length: > 0 } name, var value]
            ? KeyValuePair.Create(name.Trim(), value.Trim())
            : throw new UsageException($"'{pair}' is no part of a key. Write --key symbol=AAPL,date=2020-08-31.")),
    ];

    public static DateRange Range(DateOnly from, DateOnly to) =>
        from <= to ? new DateRange(from, to) : throw new UsageException($"--from {from:yyyy-MM-dd} is after --to {to:yyyy-MM-dd}.");
}
