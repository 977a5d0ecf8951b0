using System.Globalization;
using Finks.Orchestration.Scheduling;

namespace Finks.Orchestration.Prefect.Deploying;

/// <summary>
/// A schedule of an exchange as a rule that Prefect's servers can read: no cron or recurrence rule knows holidays and early closes, so the
/// times themselves are listed (RFC 5545, <c>RDATE</c>), in UTC. They are exact for the calendar that this version of Finks has.
/// </summary>
/// <remarks>
/// The list begins with the present quarter and reaches a year beyond it, so that it changes once a quarter, with the first apply in it,
/// and a schedule that is not applied anew for a year runs dry. 320 times are 5,500 characters; the server takes 6,500.
/// </remarks>
internal static class ExchangeTimes
{
    private const int Months = 15;

    /// <summary>The server puts this before each rule that says no start, so it is said, for both to be the same text. It is no time of
    /// the list.</summary>
    private const string Start = "DTSTART:20200101T000000\n";

    private const string List = "RDATE:";

    public static string Rule(Schedule schedule, DateTimeOffset now)
    {
        var first = QuarterOf(now);
        // The calendar's first moment after a time is later than it: a tick back lets midnight itself count.
        var times = schedule.Occurrences(first.AddTicks(-1), first.AddMonths(Months).AddTicks(-1));
        return WithStart(List
            + string.Join(',', times.Select(t => t.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture))));
    }

    /// <summary>A rule as the server keeps it.</summary>
    public static string WithStart(string rule) => rule.Contains("DTSTART", StringComparison.Ordinal) ? rule : Start + rule;

    /// <summary>The last time of such a rule; null when the text is another.</summary>
    public static DateTimeOffset? End(string rule) =>
        rule.StartsWith(Start + List, StringComparison.Ordinal)
        && DateTimeOffset.TryParseExact(
            rule[(rule.LastIndexOfAny([',', ':']) + 1)..], "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
            out var end)
            ? end
            : null;

    private static DateTimeOffset QuarterOf(DateTimeOffset time)
    {
        var utc = time.UtcDateTime;
        return new DateTimeOffset(utc.Year, ((utc.Month - 1) / 3 * 3) + 1, 1, 0, 0, 0, TimeSpan.Zero);
    }
}
