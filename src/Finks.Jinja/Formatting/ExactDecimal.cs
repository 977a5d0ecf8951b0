using System.Globalization;
using System.Numerics;

namespace Finks.Jinja;

/// <summary>Decimal digits of a double, rounded half to even from its exact value, as C's printf and Python's round do.</summary>
internal static class ExactDecimal
{
    /// <summary>value × 10^decimals, rounded to an integer.</summary>
    public static BigInteger Scaled(double value, int decimals)
    {
        var bits = BitConverter.DoubleToInt64Bits(Math.Abs(value));
        var exponent = (int)(bits >> 52);
        var mantissa = new BigInteger(exponent == 0 ? bits & ((1L << 52) - 1) : (bits & ((1L << 52) - 1)) | (1L << 52));
        var power = Math.Max(exponent, 1) - 1075;
        var numerator = mantissa * (power > 0 ? BigInteger.One << power : 1) * (decimals > 0 ? BigInteger.Pow(10, decimals) : 1);
        var denominator = (power < 0 ? BigInteger.One << -power : 1) * (decimals < 0 ? BigInteger.Pow(10, -decimals) : 1);
        var quotient = BigInteger.DivRem(numerator, denominator, out var remainder);
        var twice = (remainder * 2).CompareTo(denominator);
        return twice > 0 || (twice == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }

    /// <summary>Digits with a fixed number of decimals, without sign.</summary>
    public static string Fixed(double value, int decimals)
    {
        var digits = Scaled(value, decimals).ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        return decimals == 0 ? digits : $"{digits[..^decimals]}.{digits[^decimals..]}";
    }

    /// <summary>A number of significant digits, and the exponent of the first.</summary>
    public static (string Digits, int Exponent) Significant(double value, int count)
    {
        if (value == 0)
            return (new string('0', count), 0);
        var exponent = (int)Math.Floor(Math.Log10(Math.Abs(value)));
        var digits = Scaled(value, count - 1 - exponent).ToString(CultureInfo.InvariantCulture);
        // The logarithm may be off by one, and rounding may add a digit.
        if (digits.Length != count)
        {
            exponent += digits.Length - count;
            digits = Scaled(value, count - 1 - exponent).ToString(CultureInfo.InvariantCulture);
        }

        return (digits[..count], exponent);
    }

    /// <summary>Python's <c>round(value, decimals)</c>.</summary>
    public static double Round(double value, int decimals)
    {
        if (!double.IsFinite(value) || decimals > 320 || value == 0)
            return value;
        if (decimals < -310)
            return Math.CopySign(0, value);
        var text = Scaled(value, decimals).ToString(CultureInfo.InvariantCulture) + "e" + (-decimals).ToString(CultureInfo.InvariantCulture);
        return Math.CopySign(double.Parse(text, CultureInfo.InvariantCulture), value);
    }
}
