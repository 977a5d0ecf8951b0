using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Finks.Simulator;

/// <summary>Spells numbers as JSON.stringify does: the shortest digits that read back as the same double, plain from 1e-6 up to 1e21.</summary>
internal static class JavaScriptNumber
{
    /// <summary>Room for any number <see cref="Write(Span{byte}, double)"/> and <see cref="WriteScaled"/> can print.</summary>
    public const int Longest = 48;

    private static ReadOnlySpan<long> PowersOfTen => [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

    /// <summary>Prints <paramref name="value"/> / 10^<paramref name="digits"/> without trailing zeros. At most 8 digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int WriteScaled(Span<byte> target, long value, int digits)
    {
        var at = 0;
        if (value < 0)
        {
            target[at++] = (byte)'-';
            value = -value;
        }

        var scale = PowersOfTen[digits];
        var whole = value / scale;
        var fraction = value - (whole * scale);
        at += WriteWhole(target[at..], whole);
        if (fraction == 0)
            return at;

        while (fraction % 10 == 0)
        {
            fraction /= 10;
            digits--;
        }

        target[at] = (byte)'.';
        for (var place = at + digits; place > at; place--)
        {
            var rest = fraction / 10;
            target[place] = (byte)('0' + (fraction - (rest * 10)));
            fraction = rest;
        }

        return at + digits + 1;
    }

    /// <summary>A whole number that is not negative.</summary>
    public static int WriteWhole(Span<byte> target, long value)
    {
        Utf8Formatter.TryFormat(value, target, out var written);
        return written;
    }

    public static int Write(Span<byte> target, double value)
    {
        if (!double.IsFinite(value))
            return Copy("null", target);
        if (value == 0)
            return Copy("0", target); // JSON.stringify(-0) is 0.
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        return Copy(shortest.Contains('E') ? Respell(shortest) : shortest, target);
    }

    /// <summary>.NET turns to exponents at 1e-5 and 1e15; JavaScript at 1e-7 and 1e21, and writes no leading zeros in them.</summary>
    private static string Respell(string text)
    {
        var sign = text[0] == '-' ? "-" : "";
        var mark = text.IndexOf('E');
        var exponent = int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var digits = text[sign.Length..mark].Replace(".", "", StringComparison.Ordinal);
        if (exponent is < -6 or >= 21)
        {
            var mantissa = digits.Length > 1 ? $"{digits[0]}.{digits[1..]}" : digits;
            return $"{sign}{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent)}";
        }

        return exponent < 0
            ? $"{sign}0.{new string('0', -exponent - 1)}{digits}"
            : $"{sign}{digits.PadRight(exponent + 1, '0')}";
    }

    private static int Copy(string text, Span<byte> target) => System.Text.Encoding.ASCII.GetBytes(text, target);
}
