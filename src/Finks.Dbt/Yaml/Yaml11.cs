using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Finks.Dbt.Yaml;

/// <summary>
/// What a plain scalar means in YAML 1.1 as PyYAML reads it (<c>yaml/resolver.py</c> and <c>yaml/constructor.py</c>): <c>yes</c> is true,
/// <c>0777</c> is octal, <c>12:30</c> is sexagesimal, <c>1e3</c> is a text and <c>1.0e+3</c> a number. dbt files depend on it.
/// </summary>
public static partial class Yaml11
{
    public static object? Resolve(string text)
    {
        if (text.Length == 0 || text is "~" or "null" or "Null" or "NULL")
            return null;
        return text[0] switch
        {
            'y' or 'Y' or 'n' or 'N' or 't' or 'T' or 'f' or 'F' or 'o' or 'O' => ResolveBoolean(text) is { } truth ? truth : text,
            '-' or '+' or '.' or (>= '0' and <= '9') => ResolveNumber(text) ?? ResolveTimestamp(text) ?? text,
            _ => text,
        };
    }

    private static bool? ResolveBoolean(string text) => text switch
    {
        "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON" => true,
        "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF" => false,
        _ => null,
    };

    private static object? ResolveNumber(string text)
    {
        if (Float().IsMatch(text))
            return ReadFloat(text.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant());
        if (Integer().IsMatch(text))
            return Shorten(ReadInteger(text.Replace("_", "", StringComparison.Ordinal)));
        return null;
    }

    private static double ReadFloat(string text)
    {
        var sign = text[0] == '-' ? -1 : 1;
        var digits = text[0] is '-' or '+' ? text[1..] : text;
        if (digits == ".inf")
            return sign * double.PositiveInfinity;
        if (digits == ".nan")
            return double.NaN;
        if (digits.Contains(':', StringComparison.Ordinal))
            return sign * digits.Split(':').Aggregate(0d, (sum, part) => (sum * 60) + double.Parse(part, CultureInfo.InvariantCulture));
        return sign * double.Parse(digits, CultureInfo.InvariantCulture);
    }

    private static BigInteger ReadInteger(string text)
    {
        var sign = text[0] == '-' ? BigInteger.MinusOne : BigInteger.One;
        var digits = text[0] is '-' or '+' ? text[1..] : text;
        if (digits == "0")
            return BigInteger.Zero;
        if (digits.StartsWith("0b", StringComparison.Ordinal))
            return sign * ReadBase(digits[2..], 2);
        if (digits.StartsWith("0x", StringComparison.Ordinal))
            return sign * ReadBase(digits[2..], 16);
        if (digits[0] == '0')
            return sign * ReadBase(digits, 8);
        if (digits.Contains(':', StringComparison.Ordinal))
            return sign * digits.Split(':').Aggregate(BigInteger.Zero, (sum, part) => (sum * 60) + BigInteger.Parse(part, CultureInfo.InvariantCulture));
        return sign * BigInteger.Parse(digits, CultureInfo.InvariantCulture);
    }

    private static BigInteger ReadBase(string digits, int radix) =>
        digits.Aggregate(BigInteger.Zero, (sum, digit) => (sum * radix) + Convert.ToInt32(digit.ToString(), 16));

    private static object Shorten(BigInteger value) => value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;

    private static object? ResolveTimestamp(string text)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return date;
        var match = Timestamp().Match(text);
        if (!match.Success)
            return null;
        int Part(string name) => int.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture);
        var fraction = match.Groups["fraction"].Value.PadRight(6, '0')[..6];
        var moment = new DateTime(Part("year"), Part("month"), Part("day"), Part("hour"), Part("minute"), Part("second"))
            .AddMicroseconds(int.Parse(fraction, CultureInfo.InvariantCulture));
        if (!match.Groups["zoneHour"].Success)
            return moment;
        var offset = new TimeSpan(Part("zoneHour"), match.Groups["zoneMinute"].Success ? Part("zoneMinute") : 0, 0);
        return match.Groups["zoneSign"].Value == "-" ? moment + offset : moment - offset;
    }

    [GeneratedRegex(@"^(?:[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$")]
    private static partial Regex Float();

    [GeneratedRegex(@"^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$")]
    private static partial Regex Integer();

    [GeneratedRegex(@"^(?<year>[0-9]{4})-(?<month>[0-9][0-9]?)-(?<day>[0-9][0-9]?)(?:[Tt]|[ \t]+)(?<hour>[0-9][0-9]?):(?<minute>[0-9]{2}):(?<second>[0-9]{2})(?:\.(?<fraction>[0-9]*))?(?:[ \t]*(?:Z|(?<zoneSign>[-+])(?<zoneHour>[0-9][0-9]?)(?::(?<zoneMinute>[0-9]{2}))?))?$")]
    private static partial Regex Timestamp();
}
