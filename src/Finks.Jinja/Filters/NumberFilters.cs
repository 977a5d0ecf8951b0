using System.Globalization;
using System.Numerics;

namespace Finks.Jinja;

/// <summary>Filters on numbers.</summary>
internal static class NumberFilters
{
    public static void AddTo(Dictionary<string, JinjaFunction> filters)
    {
        filters.Define("int", 1, ["value", "default", "base"], a => ToInteger(a[0], a.Int(2, 10)) ?? a.Or(1, 0L));
        filters.Define("float", 1, ["value", "default"], a => ToFloat(a[0]) ?? a.Or(1, 0.0));
        filters.Define("abs", Absolute);
        filters.Define("round", 1, ["value", "precision", "method"], Round);
        filters.Define("filesizeformat", 1, ["value", "binary"], a => FileSize(PyValue.AsDouble(ToFloat(a[0])), a.Flag(1)));
    }

    private static object? ToInteger(object? value, int radix) => value switch
    {
        string text => PyNumbers.ParseInteger(text, radix) ?? (PyNumbers.ParseFloat(text) is { } number ? Truncated(number) : null),
        double number => Truncated(number),
        decimal number => PyValue.Normalise(new BigInteger(decimal.Truncate(number))),
        bool flag => flag ? 1L : 0L,
        long or BigInteger => value,
        Undefined missing => throw missing.Error(),
        _ => null,
    };

    private static object? Truncated(double number) => double.IsNaN(number) ? null
        : double.IsInfinity(number) ? throw new PyError("OverflowError", "cannot convert float infinity to integer")
        : PyValue.Normalise(new BigInteger(Math.Truncate(number)));

    private static object? ToFloat(object? value) => value switch
    {
        string text => PyNumbers.ParseFloat(text),
        Undefined missing => throw missing.Error(),
        _ when PyValue.IsNumber(value) => PyValue.AsDouble(value),
        _ => null,
    };

    private static object? Absolute(object? value) => value switch
    {
        double number => Math.Abs(number),
        decimal number => Math.Abs(number),
        TimeSpan span => span.Duration(),
        Undefined missing => throw missing.Error(),
        _ when PyValue.IsInteger(value) => PyValue.Normalise(BigInteger.Abs(PyValue.AsBigInteger(value))),
        _ => throw PyError.Type($"bad operand type for abs(): '{PyValue.TypeName(value)}'"),
    };

    private static object? Round(Bound a)
    {
        var (value, precision, method) = (a[0], a.Int(1), a.Text(2, "common"));
        if (method is not ("common" or "ceil" or "floor"))
            throw new PyError("FilterArgumentError", "method must be common, ceil or floor");
        if (value is Undefined missing)
            throw missing.Error();
        if (!PyValue.IsNumber(value))
            throw PyError.Type($"type {PyValue.TypeName(value)} doesn't define __round__ method");
        if (method != "common")
        {
            var power = PyValue.Power(10L, (long)precision);
            var scaled = PyValue.AsDouble(PyValue.Multiply(value, power));
            return PyValue.Divide(PyValue.Normalise(new BigInteger(method == "ceil" ? Math.Ceiling(scaled) : Math.Floor(scaled))), power);
        }

        return value switch
        {
            double number => ExactDecimal.Round(number, precision),
            decimal number => decimal.Round(number, Math.Clamp(precision, 0, 28), MidpointRounding.ToEven),
            _ when precision >= 0 => PyValue.Positive(value),
            _ => RoundInteger(PyValue.AsBigInteger(value), BigInteger.Pow(10, Math.Min(-precision, 10_000))),
        };
    }

    private static object RoundInteger(BigInteger value, BigInteger unit)
    {
        var quotient = BigInteger.DivRem(BigInteger.Abs(value), unit, out var remainder);
        var twice = (remainder * 2).CompareTo(unit);
        quotient += twice > 0 || (twice == 0 && !quotient.IsEven) ? 1 : 0;
        return PyValue.Normalise(quotient * unit * (value.Sign < 0 ? -1 : 1));
    }

    private static string FileSize(double bytes, bool binary)
    {
        var unit = binary ? 1024.0 : 1000.0;
        if (bytes == 1)
            return "1 Byte";
        if (bytes < unit)
            return $"{((long)bytes).ToString(CultureInfo.InvariantCulture)} Bytes";
        string[] prefixes = binary ? ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"] : ["kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
        var size = unit;
        var index = 0;
        for (; index < prefixes.Length - 1 && bytes >= size * unit; index++)
            size *= unit;
        return $"{ExactDecimal.Fixed(bytes / size, 1)} {prefixes[index]}";
    }
}
