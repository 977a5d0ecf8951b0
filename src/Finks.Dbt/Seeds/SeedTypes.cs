using System.Globalization;
using System.Text.RegularExpressions;

namespace Finks.Dbt.Seeds;

/// <summary>
/// The column types dbt gives a seed. It guesses them with the agate library, not with DuckDB: number, date, timestamp, boolean, else text, the first
/// that fits every cell (<c>common/clients/agate_helper.py</c>). Hence <c>007</c> is the integer 7 and <c>yes</c> is a text.
/// </summary>
internal static partial class SeedTypes
{
    /// <summary>agate strips these from the ends of a number (<c>agate/data_types/number.py</c>).</summary>
    private const string CurrencySymbols = "؋$ƒ៛¥₡₱£€¢﷼₪₩₭₮₦฿₤₫";

    private static readonly string[] Nulls = ["", "null"];

    public static string Guess(IEnumerable<string> cells)
    {
        var values = cells.Select(cell => cell.Trim()).Where(cell => !Nulls.Contains(cell.ToLowerInvariant())).ToList();
        if (values.TrueForAll(value => Decimals(value) is not null))
            return values.Exists(value => Decimals(value) > 0) ? "float8" : "integer";
        if (values.TrueForAll(IsDate))
            return "date";
        if (values.TrueForAll(IsDateTime) || values.TrueForAll(IsIsoDateTime))
            return "timestamp without time zone";
        if (values.TrueForAll(value => value.Replace(",", "", StringComparison.Ordinal).Trim().ToLowerInvariant() is "true" or "false" or "" or "null"))
            return "boolean";
        return "text";
    }

    /// <summary>The decimal places of a number once trailing zeros are dropped, as <c>Decimal.normalize()</c> has them; null for what is no number.</summary>
    internal static int? Decimals(string cell)
    {
        var text = cell.Trim('%');
        if (text.StartsWith('-'))
            text = text[1..];
        foreach (var symbol in CurrencySymbols)
            text = text.Trim(symbol);
        // Python's Decimal() allows underscores anywhere, and blanks around the number.
        text = text.Replace(",", "", StringComparison.Ordinal).Trim().Replace("_", "", StringComparison.Ordinal);
        if (NotFinite().IsMatch(text))
            return 0;
        var match = Number().Match(text);
        if (!match.Success)
            return null;
        var fraction = match.Groups["fraction"].Value;
        var digits = (match.Groups["whole"].Value + fraction).TrimStart('0');
        if (digits.Length == 0)
            return 0;
        var exponent = match.Groups["exponent"].Success ? int.Parse(match.Groups["exponent"].Value, CultureInfo.InvariantCulture) : 0;
        return Math.Max(0, fraction.Length - exponent - (digits.Length - digits.TrimEnd('0').Length));
    }

    private static bool IsDate(string cell) => Date().Match(cell) is { Success: true } match && IsCalendarDay(match);

    private static bool IsDateTime(string cell) => DateTimeText().Match(cell) is { Success: true } match && IsCalendarDay(match);

    private static bool IsIsoDateTime(string cell) => IsoDateTime().Match(cell) is { Success: true } match && IsCalendarDay(match);

    private static bool IsCalendarDay(Match match)
    {
        int Part(string name) => int.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture);
        return Part("year") >= 1 && Part("month") is >= 1 and <= 12 && Part("day") >= 1 && Part("day") <= DateTime.DaysInMonth(Part("year"), Part("month"));
    }

    [GeneratedRegex(@"^[+-]?(?:(?<whole>[0-9]+)(?:\.(?<fraction>[0-9]*))?|\.(?<fraction>[0-9]+))(?:[eE](?<exponent>[+-]?[0-9]+))?$")]
    private static partial Regex Number();

    [GeneratedRegex(@"^[+-]?(?:inf|infinity|s?nan[0-9]*)$", RegexOptions.IgnoreCase)]
    private static partial Regex NotFinite();

    [GeneratedRegex(@"^(?<year>[0-9]{4})-(?<month>[0-9]{1,2})-(?<day>[0-9]{1,2})$")]
    private static partial Regex Date();

    [GeneratedRegex(@"^(?<year>[0-9]{4})-(?<month>[0-9]{1,2})-(?<day>[0-9]{1,2})\s+(?:[01]?[0-9]|2[0-3]):[0-5]?[0-9]:(?:[0-5]?[0-9]|6[01])$")]
    private static partial Regex DateTimeText();

    [GeneratedRegex(@"^(?<year>[0-9]{4})-?(?<month>[0-9]{2})-?(?<day>[0-9]{2})T(?:[01][0-9]|2[0-3])(?::?[0-5][0-9](?::?[0-5][0-9](?:[.,][0-9]+)?)?)?(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)?$")]
    private static partial Regex IsoDateTime();
}
