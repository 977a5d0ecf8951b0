using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace Finks.Jinja;

/// <summary>Python's <c>'%s and %05.2f' % values</c>.</summary>
internal static partial class PercentFormat
{
    [GeneratedRegex(@"%(\((?<key>[^)]*)\))?(?<flags>[-+ #0]*)(?<width>\*|[0-9]+)?(\.(?<precision>\*|[0-9]*))?[hlL]?(?<type>.)?", RegexOptions.Singleline)]
    private static partial Regex Specification { get; }

    public static string Apply(string format, object? values)
    {
        var arguments = values is PyTuple tuple ? tuple.Items : [values];
        var mapping = values as PyDict;
        var (result, used, position, byKey) = (new StringBuilder(), 0, 0, false);
        foreach (Match match in Specification.Matches(format))
        {
            result.Append(format, position, match.Index - position);
            position = match.Index + match.Length;
            if (!match.Groups["type"].Success)
                throw PyError.Value("incomplete format");
            if (match.Groups["type"].Value == "%")
            {
                result.Append('%');
                continue;
            }

            var flags = match.Groups["flags"].Value;
            var width = Number(match.Groups["width"], Next) ?? 0;
            if (width < 0)
                (flags, width) = (flags + "-", -width);
            var precision = Number(match.Groups["precision"], Next);
            object? value;
            if (match.Groups["key"].Success)
            {
                byKey = true;
                var key = match.Groups["key"].Value;
                if (mapping is null)
                    throw PyError.Type("format requires a mapping");
                value = mapping.TryGetValue(key, out var found) ? found : throw new PyError("KeyError", PyValue.Repr(key));
            }
            else
                value = Next();
            result.Append(One(match.Groups["type"].Value[0], flags, width, precision, value));
        }

        if (!byKey && used < arguments.Count && values is not (PyDict or PyList or PyRange or Undefined))
            throw PyError.Type("not all arguments converted during string formatting");
        return result.Append(format, position, format.Length - position).ToString();

        object? Next() => used < arguments.Count ? arguments[used++] : throw PyError.Type("not enough arguments for format string");
    }

    private static int? Number(Group group, Func<object?> next) =>
        !group.Success ? null : group.Value == "*" ? PyValue.AsIndex(next()) : group.Length == 0 ? 0 : int.Parse(group.Value, CultureInfo.InvariantCulture);

    private static string One(char type, string flags, int width, int? precision, object? value)
    {
        var (text, numeric) = Body(type, flags, precision, value);
        var sign = "";
        if (numeric)
        {
            sign = text.StartsWith('-') ? "-" : flags.Contains('+') ? "+" : flags.Contains(' ') ? " " : "";
            text = text.TrimStart('-');
        }

        if (flags.Contains('-'))
            return (sign + text).PadRight(width);
        return flags.Contains('0') && numeric ? sign + text.PadLeft(Math.Max(0, width - sign.Length), '0') : (sign + text).PadLeft(width);
    }

    private static (string Text, bool Numeric) Body(char type, string flags, int? precision, object? value)
    {
        switch (type)
        {
            case 's' or 'r' or 'a':
                var text = type == 's' ? PyValue.Str(value) : PyValue.Repr(value);
                return (precision is { } limit && limit < text.Length ? text[..limit] : text, false);
            case 'c':
                return (value as string ?? char.ConvertFromUtf32(PyValue.AsIndex(value)), false);
            case 'd' or 'i' or 'u':
                return (Padded(Whole(type, value).ToString(CultureInfo.InvariantCulture), precision), true);
            case 'x' or 'X' or 'o':
                if (!PyValue.IsInteger(value))
                    throw PyError.Type($"%{type} format: an integer is required, not {PyValue.TypeName(value)}");
                return (FormatSpecification.InRadix(PyValue.AsBigInteger(value), type, flags.Contains('#')), true);
            case 'e' or 'E' or 'f' or 'F' or 'g' or 'G':
                var number = PyValue.AsDouble(value);
                var body = FloatText.Format(number, char.ToLowerInvariant(type), precision ?? 6, flags.Contains('#'));
                return ((double.IsNegative(number) ? "-" : "") + (char.IsUpper(type) ? body.ToUpperInvariant() : body), true);
            default:
                throw PyError.Value($"unsupported format character '{type}' (0x{(int)type:x})");
        }
    }

    private static BigInteger Whole(char type, object? value) => value switch
    {
        double number when double.IsFinite(number) => new BigInteger(Math.Truncate(number)),
        decimal number => new BigInteger(decimal.Truncate(number)),
        _ when PyValue.IsInteger(value) => PyValue.AsBigInteger(value),
        Undefined missing => throw missing.Error(),
        _ => throw PyError.Type($"%{type} format: a real number is required, not {PyValue.TypeName(value)}"),
    };

    private static string Padded(string digits, int? precision) => digits.StartsWith('-')
        ? "-" + digits[1..].PadLeft(precision ?? 0, '0')
        : digits.PadLeft(precision ?? 0, '0');
}
