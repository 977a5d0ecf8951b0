using System.Numerics;

namespace Finks.Jinja;

/// <content>The operators + - * / // % ** and their signs.</content>
public static partial class PyValue
{
    /// <summary>Integers above this many bits are refused: they would only exhaust the memory.</summary>
    private const long MaximumBits = 8_000_000;

    public static object? Add(object? left, object? right) => (left, right) switch
    {
        (long a, long b) => (a ^ (a + b)) < 0 && (b ^ (a + b)) < 0 ? (object)((BigInteger)a + b) : a + b,
        (string a, string b) => a + b,
        (PyList a, PyList b) => new PyList(a.Items.Concat(b.Items)),
        (PyTuple a, PyTuple b) => new PyTuple([.. a.Items, .. b.Items]),
        (string, not Undefined) => throw PyError.Type($"can only concatenate str (not \"{TypeName(right)}\") to str"),
        (PyList, not Undefined) => throw PyError.Type($"can only concatenate list (not \"{TypeName(right)}\") to list"),
        (PyTuple, not Undefined) => throw PyError.Type($"can only concatenate tuple (not \"{TypeName(right)}\") to tuple"),
        _ when PyDates.Add(left, right) is { } date => date,
        _ => Numeric("+", left, right, (a, b) => a + b, (a, b) => a + b, (a, b) => a + b),
    };

    public static object? Subtract(object? left, object? right) => (left, right) switch
    {
        (PySet a, PySet b) => new PySet(a.Where(item => !b.Contains(item))),
        _ when PyDates.Subtract(left, right) is { } date => date,
        _ => Numeric("-", left, right, (a, b) => a - b, (a, b) => a - b, (a, b) => a - b),
    };

    public static object? Multiply(object? left, object? right)
    {
        if (Repeat(left, right) is { } repeated)
            return repeated;
        return Repeat(right, left) ?? Numeric("*", left, right, (a, b) => a * b, (a, b) => a * b, DecimalMath.Multiply);
    }

    /// <summary>Python's <c>/</c>: a float even of two integers.</summary>
    public static object? Divide(object? left, object? right)
    {
        if (IsInteger(left) && IsInteger(right))
            return DivideExactly(AsBigInteger(left), AsBigInteger(right));
        return Numeric(
            "/",
            left,
            right,
            (_, _) => 0,
            (a, b) => b == 0 ? throw ZeroDivision("float division by zero") : a / b,
            (a, b) => b == 0 ? throw ZeroDivision("division by zero") : DecimalMath.Divide(a, b));
    }

    /// <summary>Python's <c>//</c>: rounds down.</summary>
    public static object? FloorDivide(object? left, object? right) => Numeric(
        "//",
        left,
        right,
        (a, b) => b.IsZero ? throw ZeroDivision("integer division or modulo by zero") : FloorQuotient(a, b),
        (a, b) => b == 0 ? throw ZeroDivision("float floor division by zero") : FloorQuotient(a, b),
        (a, b) => b == 0 ? throw ZeroDivision("division by zero") : decimal.Truncate(a / b));

    /// <summary>Python's <c>%</c>: the sign of the divisor; of a string on the left, formatting.</summary>
    public static object? Modulo(object? left, object? right)
    {
        if (left is string format)
            return PercentFormat.Apply(format, right);
        return Numeric(
            "%",
            left,
            right,
            (a, b) => b.IsZero ? throw ZeroDivision("integer division or modulo by zero") : a - (FloorQuotient(a, b) * b),
            (a, b) => b == 0 ? throw ZeroDivision("float modulo") : FloorRemainder(a, b),
            (a, b) => b == 0 ? throw ZeroDivision("division by zero") : DecimalMath.Remainder(a, b));
    }

    public static object? Power(object? left, object? right)
    {
        if (IsInteger(left) && IsInteger(right) && AsBigInteger(right).Sign >= 0)
            return IntegerPower(AsBigInteger(left), AsBigInteger(right));
        return Numeric("** or pow()", left, right, (a, b) => FloatPower(BigToDouble(a), BigToDouble(b)), FloatPower, (a, b) => (decimal)Math.Pow((double)a, (double)b));
    }

    public static object? Negate(object? value) => value switch
    {
        long number when number != long.MinValue => -number,
        double number => -number,
        decimal number => -number,
        TimeSpan span => -span,
        Undefined missing => throw missing.Error(),
        _ when IsInteger(value) => Normalise(-AsBigInteger(value)),
        _ => throw PyError.Type($"bad operand type for unary -: '{TypeName(value)}'"),
    };

    public static object? Positive(object? value) => value switch
    {
        bool flag => flag ? 1L : 0L,
        long or double or decimal or BigInteger or TimeSpan => value,
        Undefined missing => throw missing.Error(),
        _ => throw PyError.Type($"bad operand type for unary +: '{TypeName(value)}'"),
    };

    private static object? Numeric(
        string operation,
        object? left,
        object? right,
        Func<BigInteger, BigInteger, object> integers,
        Func<double, double, double> floats,
        Func<decimal, decimal, decimal> decimals)
    {
        if (left is Undefined missing)
            throw missing.Error();
        if (right is Undefined missingToo)
            throw missingToo.Error();
        if (IsInteger(left) && IsInteger(right))
        {
            var result = integers(AsBigInteger(left), AsBigInteger(right));
            return result is BigInteger big ? Normalise(big) : result;
        }

        if (!IsNumber(left) || !IsNumber(right) || (left is decimal && right is double) || (left is double && right is decimal))
            throw PyError.Type($"unsupported operand type(s) for {operation}: '{TypeName(left)}' and '{TypeName(right)}'");
        if (left is double || right is double)
            return floats(AsDouble(left), AsDouble(right));
        try
        {
            return DecimalMath.Round(decimals(AsDecimal(left!), AsDecimal(right!)));
        }
        catch (OverflowException)
        {
            throw new PyError("OverflowError", "the result has more than the 28 digits that a Decimal holds here");
        }
    }

    private static object? Repeat(object? sequence, object? times)
    {
        if (sequence is not (string or PyList or PyTuple) || !IsInteger(times))
            return null;
        var count = Math.Max(0, AsIndex(times));
        return sequence switch
        {
            string text when (long)text.Length * count > int.MaxValue / 4 => throw new PyError("MemoryError", "the repeated string is too long"),
            string text => string.Concat(Enumerable.Repeat(text, count)),
            PyList list => new PyList(Enumerable.Repeat(list.Items, count).SelectMany(items => items)),
            _ => new PyTuple([.. Enumerable.Repeat(((PyTuple)sequence).Items, count).SelectMany(items => items)]),
        };
    }

    private static object DivideExactly(BigInteger left, BigInteger right)
    {
        const long Exact = 1L << 53;
        if (right.IsZero)
            throw ZeroDivision("division by zero");
        if (BigInteger.Abs(left) <= Exact && BigInteger.Abs(right) <= Exact)
            return (double)left / (double)right;
        // 66 bits of quotient and a sticky bit round like the infinitely exact quotient.
        var shift = 66 - (int)(BigInteger.Abs(left).GetBitLength() - BigInteger.Abs(right).GetBitLength());
        var numerator = shift > 0 ? left << shift : left;
        var denominator = shift < 0 ? right << -shift : right;
        var quotient = BigInteger.DivRem(numerator, denominator, out var remainder);
        if (!remainder.IsZero)
            quotient = quotient.IsEven ? quotient + (left.Sign * right.Sign) : quotient;
        var result = Math.ScaleB(BigToDouble(quotient), -shift);
        return double.IsInfinity(result) ? throw new PyError("OverflowError", "integer division result too large for a float") : result;
    }

    private static object IntegerPower(BigInteger value, BigInteger exponent)
    {
        if (BigInteger.Abs(value) > 1 && exponent * value.GetBitLength() > MaximumBits)
            throw new PyError("OverflowError", "the power is too large");
        if (BigInteger.Abs(value) <= 1)
            return (long)(exponent.IsZero ? 1 : value * (exponent.IsEven ? value : 1));
        return Normalise(BigInteger.Pow(value, (int)exponent));
    }

    private static double FloatPower(double value, double exponent)
    {
        if (value == 0 && exponent < 0)
            throw ZeroDivision("0.0 cannot be raised to a negative power");
        if (value < 0 && Math.Floor(exponent) != exponent && !double.IsInfinity(value) && !double.IsInfinity(exponent))
            throw PyError.Unsupported("a fractional power of a negative number is a complex number, which templates cannot use here");
        var result = value == 1 ? 1 : Math.Pow(value, exponent);
        return double.IsInfinity(result) && !double.IsInfinity(value) && !double.IsInfinity(exponent)
            ? throw new PyError("OverflowError", "(34, 'Numerical result out of range')")
            : result;
    }

    private static BigInteger FloorQuotient(BigInteger left, BigInteger right)
    {
        var quotient = BigInteger.DivRem(left, right, out var remainder);
        return !remainder.IsZero && remainder.Sign != right.Sign ? quotient - 1 : quotient;
    }

    // As CPython's float_divmod: from the exact remainder, not from the rounded quotient.
    private static double FloorQuotient(double left, double right)
    {
        var remainder = left % right;
        var quotient = (left - remainder) / right;
        if (remainder != 0 && (right < 0) != (remainder < 0))
            quotient -= 1;
        if (quotient == 0)
            return Math.CopySign(0, left / right);
        var floor = Math.Floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }

    private static double FloorRemainder(double left, double right)
    {
        var remainder = left % right;
        if (remainder == 0)
            return Math.CopySign(0, right);
        return (right < 0) != (remainder < 0) ? remainder + right : remainder;
    }

    private static PyError ZeroDivision(string message) => new("ZeroDivisionError", message);
}
