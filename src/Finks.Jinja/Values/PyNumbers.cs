using System.Globalization;
using System.Numerics;

namespace Finks.Jinja;

/// <summary>Reading numbers from text as Python's <c>int()</c> and <c>float()</c> do.</summary>
internal static class PyNumbers
{
    /// <summary>An integer literal: decimal, or with a prefix 0x, 0o or 0b; underscores are dropped.</summary>
    public static BigInteger ParseLiteral(string literal)
    {
        var digits = literal.Replace("_", "", StringComparison.Ordinal);
        if (digits.Length < 2 || char.IsAsciiDigit(digits[1]))
            return BigInteger.Parse(digits, CultureInfo.InvariantCulture);
        return char.ToLowerInvariant(digits[1]) switch
        {
            'x' => ParseDigits(digits[2..], 16)!.Value,
            'o' => ParseDigits(digits[2..], 8)!.Value,
            _ => ParseDigits(digits[2..], 2)!.Value,
        };
    }

    /// <summary>Python's <c>int(text, radix)</c>; null where Python raises ValueError.</summary>
    public static object? ParseInteger(string text, int radix = 10)
    {
        var body = PyText.TrimStart(PyText.TrimEnd(text));
        var negative = body.StartsWith('-');
        if (negative || body.StartsWith('+'))
            body = body[1..];
        var prefix = radix switch { 16 => "0x", 8 => "0o", 2 => "0b", _ => "" };
        if (prefix.Length > 0 && body.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            body = body[2..];
        if (body.Length == 0 || body.StartsWith('_') || body.EndsWith('_') || body.Contains("__", StringComparison.Ordinal))
            return null;
        var value = ParseDigits(body.Replace("_", "", StringComparison.Ordinal), radix);
        return value is { } number ? PyValue.Normalise(negative ? -number : number) : null;
    }

    /// <summary>Python's <c>float(text)</c>; null where Python raises ValueError.</summary>
    public static double? ParseFloat(string text)
    {
        var body = PyText.TrimStart(PyText.TrimEnd(text)).Replace("_", "", StringComparison.Ordinal);
        switch (body.TrimStart('+', '-').ToLowerInvariant())
        {
            case "inf" or "infinity": return body[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            case "nan": return double.NaN;
        }

        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(body, Style, CultureInfo.InvariantCulture, out var value) && body.Length > 0 && char.IsAsciiDigit(body[^1]) | body[^1] == '.' ? value : null;
    }

    private static BigInteger? ParseDigits(string digits, int radix)
    {
        if (radix == 10)
            return digits.All(char.IsAsciiDigit) ? BigInteger.Parse(digits, CultureInfo.InvariantCulture) : null;
        var value = BigInteger.Zero;
        foreach (var digit in digits)
        {
            var amount = char.IsAsciiDigit(digit) ? digit - '0' : char.IsAsciiLetter(digit) ? char.ToLowerInvariant(digit) - 'a' + 10 : radix;
            if (amount >= radix)
                return null;
            value = (value * radix) + amount;
        }

        return value;
    }
}
