using System.Buffers.Text;
using System.Globalization;

namespace Finks.Cleansing.Values;

/// <summary>Numbers from text to exact decimals, never through binary floating point.</summary>
internal static class NumberText
{
    /// <summary>Parses a JSON number, or a number in a JSON string; exponents are allowed, thousands separators are not.</summary>
    /// <remarks>A value beyond 28 significant digits is rounded at the 28th, half to even, as <see cref="decimal"/> does.</remarks>
    public static bool TryParse(ReadOnlySpan<byte> text, out decimal value)
    {
        if (Utf8Parser.TryParse(text, out value, out var used) && used == text.Length)
            return true;
        const NumberStyles styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return decimal.TryParse(text, styles, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Whether any digit other than zero stands before the exponent.</summary>
    public static bool HasNonZeroDigit(ReadOnlySpan<byte> text)
    {
        foreach (var character in text)
        {
            if (character is (byte)'e' or (byte)'E')
                return false;
            if (character is >= (byte)'1' and <= (byte)'9')
                return true;
        }

        return false;
    }
}
