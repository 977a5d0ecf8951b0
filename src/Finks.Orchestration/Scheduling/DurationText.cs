using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Finks.Orchestration.Scheduling;

/// <summary>Durations as people write them: whole days, hours, minutes and seconds, in this order, such as <c>1h30m</c>.</summary>
internal static partial class DurationText
{
    /// <summary>Null when the text is no duration.</summary>
    public static TimeSpan? Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success || text.Length == 0)
            return null;
        return new TimeSpan(Part(match, "d"), Part(match, "h"), Part(match, "m"), Part(match, "s"));
    }

    /// <summary>The shortest text of a duration of whole seconds; <c>0s</c> for none.</summary>
    public static string Print(TimeSpan duration)
    {
        var text = new StringBuilder();
        (int, char)[] parts = [(duration.Days, 'd'), (duration.Hours, 'h'), (duration.Minutes, 'm'), (duration.Seconds, 's')];
        foreach (var (number, unit) in parts)
        {
            if (number != 0)
                text.Append(CultureInfo.InvariantCulture, $"{number}{unit}");
        }

        return text.Length == 0 ? "0s" : text.ToString();
    }

    private static int Part(Match match, string unit) =>
        match.Groups[unit] is { Success: true } part ? int.Parse(part.Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex("^((?<d>[0-9]{1,6})d)?((?<h>[0-9]{1,6})h)?((?<m>[0-9]{1,6})m)?((?<s>[0-9]{1,6})s)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
