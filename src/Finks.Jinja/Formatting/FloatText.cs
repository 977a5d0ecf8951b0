using System.Globalization;

namespace Finks.Jinja;

/// <summary>Floats as Python writes them.</summary>
internal static class FloatText
{
    /// <summary>The shortest text that reads back as the same float: <c>2.0</c>, <c>1e+16</c>, <c>1e-05</c>.</summary>
    public static string Repr(double value)
    {
        if (NotFinite(value) is { } special)
            return special;
        var shortest = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        var split = shortest.Split('E');
        var point = split[0].IndexOf('.');
        var digits = split[0].Replace(".", "", StringComparison.Ordinal);
        var exponent = (point < 0 ? digits.Length : point) - 1 + (split.Length > 1 ? int.Parse(split[1], CultureInfo.InvariantCulture) : 0);
        var leading = digits.Length - digits.TrimStart('0').Length;
        digits = digits.Trim('0');
        exponent = digits.Length == 0 ? 0 : exponent - leading;
        digits = digits.Length == 0 ? "0" : digits;
        return (double.IsNegative(value) ? "-" : "") + (exponent is < -4 or >= 16 ? Scientific(digits, exponent) : Plain(digits, exponent));
    }

    /// <summary>The formats f, e and g of printf, without sign.</summary>
    public static string Format(double value, char type, int precision, bool alternate)
    {
        if (NotFinite(Math.Abs(value)) is { } special)
            return special;
        switch (type)
        {
            case 'f':
                return ExactDecimal.Fixed(value, precision) + (alternate && precision == 0 ? "." : "");
            case 'e':
                var (all, first) = ExactDecimal.Significant(value, precision + 1);
                return Scientific(all, first) is var text && alternate && precision == 0 ? text.Insert(1, ".") : text;
        }

        var count = Math.Max(1, precision);
        var (digits, exponent) = ExactDecimal.Significant(value, count);
        if (!alternate)
            digits = digits.TrimEnd('0') is { Length: > 0 } trimmed ? trimmed : "0";
        if (exponent < -4 || exponent >= count)
            return Scientific(digits, exponent);
        var plain = Plain(digits, exponent);
        return !alternate && plain.EndsWith(".0", StringComparison.Ordinal) ? plain[..^2] : plain;
    }

    private static string? NotFinite(double value) =>
        double.IsNaN(value) ? "nan" : double.IsInfinity(value) ? (value > 0 ? "inf" : "-inf") : null;

    private static string Scientific(string digits, int exponent)
    {
        var mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
        return $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }

    private static string Plain(string digits, int exponent)
    {
        if (exponent < 0)
            return "0." + new string('0', -exponent - 1) + digits;
        if (digits.Length <= exponent + 1)
            return digits.PadRight(exponent + 1, '0') + ".0";
        return $"{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }
}
