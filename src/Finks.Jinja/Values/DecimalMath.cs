using System.Numerics;

namespace Finks.Jinja;

/// <summary>
/// Python's Decimal in its default context of 28 significant digits, on System.Decimal. What needs more than 28 decimals cannot be held
/// and is an error rather than a silently shorter number.
/// </summary>
internal static class DecimalMath
{
    private const int MaximumScale = 28;

    public static decimal Multiply(decimal left, decimal right)
    {
        var product = left * right;
        return product.Scale == MaximumScale && IsShort(product)
            && Digits(left) * Digits(right) * Power(MaximumScale) != Digits(product) * Power(left.Scale + right.Scale)
            ? throw TooFine()
            : product;
    }

    public static decimal Divide(decimal left, decimal right)
    {
        var quotient = left / right;
        return quotient.Scale == MaximumScale && IsShort(quotient)
            && Digits(quotient) * Digits(right) * Power(left.Scale) != Digits(left) * Power(MaximumScale + right.Scale)
            ? throw TooFine()
            : quotient;
    }

    /// <summary>The remainder with the decimals of the finer side.</summary>
    public static decimal Remainder(decimal left, decimal right) =>
        (left % right) + new decimal(0, 0, 0, isNegative: false, Math.Max(left.Scale, right.Scale));

    /// <summary>Rounds a 29th digit, which System.Decimal may hold, away.</summary>
    public static decimal Round(decimal value)
    {
        if (Digits(value) < Power(28))
            return value;
        return value.Scale > 0 ? decimal.Round(value, value.Scale - 1, MidpointRounding.ToEven) : throw new OverflowException();
    }

    private static bool IsShort(decimal value) => Digits(value) < Power(27);

    private static BigInteger Digits(decimal value) =>
        new(new decimal(decimal.GetBits(value)[0], decimal.GetBits(value)[1], decimal.GetBits(value)[2], isNegative: false, scale: 0));

    private static BigInteger Power(int exponent) => BigInteger.Pow(10, exponent);

    private static PyError TooFine() =>
        PyError.Unsupported("the result needs more than the 28 decimals that a Decimal holds here; compute with |float instead");
}
