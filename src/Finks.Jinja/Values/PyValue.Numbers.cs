using System.Globalization;
using System.Numerics;

namespace Finks.Jinja;

/// <content>Numbers: their kinds, and order across kinds.</content>
public static partial class PyValue
{
    internal static bool IsNumber(object? value) => value is long or double or bool or BigInteger or decimal;

    internal static bool IsInteger(object? value) => value is long or bool or BigInteger;

    internal static BigInteger AsBigInteger(object? value) => value switch
    {
        long number => number,
        bool flag => flag ? 1 : 0,
        BigInteger number => number,
        _ => throw PyError.Type($"'{TypeName(value)}' object cannot be interpreted as an integer"),
    };

    /// <summary>An integer that has to fit a .NET int, such as an index or a width.</summary>
    internal static int AsIndex(object? value)
    {
        if (value is Undefined missing)
            throw missing.Error();
        var number = AsBigInteger(value);
        return number > int.MaxValue ? int.MaxValue : number < int.MinValue ? int.MinValue : (int)number;
    }

    internal static double AsDouble(object? value) => value switch
    {
        double number => number,
        long number => number,
        bool flag => flag ? 1 : 0,
        decimal number => (double)number,
        BigInteger number => BigToDouble(number),
        Undefined missing => throw missing.Error(),
        _ => throw PyError.Type($"must be real number, not {TypeName(value)}"),
    };

    // The text of an integer is exact and double.Parse rounds to nearest even; the direct conversion truncates.
    internal static double BigToDouble(BigInteger number)
    {
        var value = double.Parse(number.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return double.IsInfinity(value) ? throw new PyError("OverflowError", "int too large to convert to float") : value;
    }

    private static int? CompareNumbers(object left, object right)
    {
        if (left is double || right is double)
        {
            if (left is double a && right is double b)
                return double.IsNaN(a) || double.IsNaN(b) ? null : a.CompareTo(b);
            return left is double number ? CompareDouble(number, right) : -CompareDouble((double)right, left);
        }

        if (left is decimal || right is decimal)
            return AsDecimal(left).CompareTo(AsDecimal(right));
        return AsBigInteger(left).CompareTo(AsBigInteger(right));
    }

    // Exact: an integer is never rounded to be compared.
    private static int? CompareDouble(double left, object right)
    {
        if (double.IsNaN(left))
            return null;
        if (double.IsInfinity(left))
            return left > 0 ? 1 : -1;
        if (right is decimal number)
            return left.CompareTo((double)number);
        var whole = new BigInteger(Math.Floor(left));
        var order = whole.CompareTo(AsBigInteger(right));
        return order != 0 ? order : Math.Floor(left) == left ? 0 : 1;
    }

    internal static decimal AsDecimal(object value)
    {
        try
        {
            return value is decimal number ? number : (decimal)AsBigInteger(value);
        }
        catch (OverflowException)
        {
            throw new PyError("OverflowError", "the integer is too large to compute with a Decimal of 28 digits");
        }
    }
}
