using System.Globalization;
using System.Text.RegularExpressions;

namespace Finks.Contracts.Reading;

/// <summary>Durations of ISO 8601 with a fixed length: weeks, or days, hours, minutes and seconds. Months and years have none.</summary>
internal static partial class IsoDuration
{
    /// <summary>The duration, or null when the text is none of these, is zero or is too long for a <see cref="TimeSpan"/>.</summary>
    public static TimeSpan? Parse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success)
            return null;
        var seconds = (Part("w") * 7 + Part("d")) * 86400 + Part("h") * 3600 + Part("m") * 60 + Part("s");
        return seconds is > 0 and < 3_155_760_000 ? TimeSpan.FromSeconds((double)seconds) : null; // a century, well inside of a TimeSpan

        decimal Part(string name) => match.Groups[name] is { Success: true, Value: var digits } ? decimal.Parse(digits, CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex(
        @"^P(?!\z)(?:(?<w>\d{1,9})W|(?:(?<d>\d{1,9})D)?(?:T(?=\d)(?:(?<h>\d{1,9})H)?(?:(?<m>\d{1,9})M)?(?:(?<s>\d{1,9})S)?)?)\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
