using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Finks.Jinja;

/// <summary>The mini-language behind the colon of <c>'{:>10,.2f}'</c>.</summary>
internal static partial class FormatSpecification
{
    [GeneratedRegex(@"^((?<fill>.)?(?<align>[<>=^]))?(?<sign>[-+ ])?(?<alternate>#)?(?<zero>0)?(?<width>[0-9]+)?(?<group>[,_])?(\.(?<precision>[0-9]+))?(?<type>[bcdeEfFgGnosxX%])?$", RegexOptions.Singleline)]
    private static partial Regex Pattern { get; }

    public static string Apply(object? value, string specification)
    {
        if (value is DateOnly or DateTime or DateTimeOffset or TimeOnly && specification.Length > 0)
            return PyDates.Strftime(value, specification);
        if (specification.Length == 0)
            return PyValue.Str(value);
        if (Pattern.Match(specification) is not { Success: true } match)
            throw PyError.Value($"Invalid format specifier '{specification}' for object of type '{PyValue.TypeName(value)}'");
        var type = match.Groups["type"].Value is { Length: 1 } given ? given[0] : '\0';
        int? precision = match.Groups["precision"].Success ? int.Parse(match.Groups["precision"].Value, CultureInfo.InvariantCulture) : null;
        if (value is string text)
            return FormatText(text, type, precision, match);
        if (!PyValue.IsNumber(value))
            throw PyError.Type($"unsupported format string passed to {PyValue.TypeName(value)}.__format__");
        if (value is bool && type == '\0')
            return FormatText(PyValue.Str(value), 's', precision, match);
        var body = Body(value, type, precision, match.Groups["alternate"].Success);
        return FormatNumber(body, match);
    }

    /// <summary>Digits in base 2, 8 or 16, with a sign and, where asked for, a prefix.</summary>
    public static string InRadix(BigInteger number, char type, bool prefix)
    {
        var radix = char.ToLowerInvariant(type) switch { 'b' => 2, 'o' => 8, _ => 16 };
        var (rest, digits) = (BigInteger.Abs(number), "");
        do
        {
            digits = "0123456789abcdef"[(int)(rest % radix)] + digits;
            rest /= radix;
        }
        while (!rest.IsZero);
        digits = (prefix ? "0" + char.ToLowerInvariant(type) : "") + digits;
        return (number.Sign < 0 ? "-" : "") + (type == 'X' ? digits.ToUpperInvariant() : digits);
    }

    private static string FormatText(string text, char type, int? precision, Match match)
    {
        if (type is not ('s' or '\0'))
            throw PyError.Value($"Unknown format code '{type}' for object of type 'str'");
        if (match.Groups["sign"].Success || match.Groups["align"].Value == "=")
            throw PyError.Value("Sign and '=' alignment not allowed in string format specifier");
        var cut = precision is { } limit && limit < text.Length ? text[..limit] : text;
        return Pad("", cut, match, "<");
    }

    private static string Body(object? value, char type, int? precision, bool alternate)
    {
        if (PyValue.IsInteger(value) && type is '\0' or 'd' or 'n' or 'b' or 'o' or 'x' or 'X' or 'c')
        {
            if (!PyValue.IsInteger(value))
                throw PyError.Value($"Unknown format code '{type}' for object of type '{PyValue.TypeName(value)}'");
            if (precision is not null)
                throw PyError.Value("Precision not allowed in integer format specifier");
            var number = PyValue.AsBigInteger(value);
            return type switch
            {
                'c' => char.ConvertFromUtf32((int)number),
                'b' or 'o' or 'x' or 'X' => InRadix(number, type, alternate),
                _ => number.ToString(CultureInfo.InvariantCulture),
            };
        }

        if (type == 's')
            throw PyError.Value($"Unknown format code 's' for object of type '{PyValue.TypeName(value)}'");
        if (type is 'f' or 'F' && value is decimal money)
            return Math.Round(money, Math.Min(precision ?? money.Scale, 28), MidpointRounding.ToEven).ToString("F" + (precision ?? money.Scale), CultureInfo.InvariantCulture);
        var real = PyValue.AsDouble(value);
        var sign = double.IsNegative(real) ? "-" : "";
        if (type == '\0' && precision is null)
            return value is decimal ? PyValue.Str(value) : FloatText.Repr(real);
        var text = type switch
        {
            '%' => FloatText.Format(real * 100, 'f', precision ?? 6, alternate) + "%",
            '\0' => General(real, precision!.Value),
            'n' => FloatText.Format(real, 'g', precision ?? 6, alternate),
            _ => FloatText.Format(real, char.ToLowerInvariant(type), precision ?? 6, alternate),
        };
        return sign + (char.IsUpper(type) ? text.ToUpperInvariant() : text);
    }

    // Without a type, 'g' but with at least one decimal and scientific one digit sooner.
    private static string General(double value, int precision)
    {
        var text = FloatText.Format(value, 'g', precision, false);
        if (text.Contains('.') || text.Contains('e') || !double.IsFinite(value))
            return text;
        return text.Length >= Math.Max(1, precision) && text != "0" ? FloatText.Format(value, 'e', Math.Max(0, text.TrimEnd('0').Length - 1), false) : text + ".0";
    }

    private static string FormatNumber(string body, Match match)
    {
        var sign = body.StartsWith('-') ? "-" : match.Groups["sign"].Value is "+" or " " ? match.Groups["sign"].Value : "";
        body = body.TrimStart('-');
        if (match.Groups["group"].Success)
        {
            var end = body.AsSpan().IndexOfAnyExceptInRange('0', '9');
            var (whole, rest) = end < 0 ? (body, "") : (body[..end], body[end..]);
            for (var index = whole.Length - 3; index > 0; index -= 3)
                whole = whole.Insert(index, match.Groups["group"].Value);
            body = whole + rest;
        }

        return Pad(sign, body, match, ">");
    }

    private static string Pad(string sign, string body, Match match, string defaultAlign)
    {
        var zero = match.Groups["zero"].Success;
        var width = match.Groups["width"].Success ? int.Parse(match.Groups["width"].Value, CultureInfo.InvariantCulture) : 0;
        var fill = match.Groups["fill"].Success ? match.Groups["fill"].Value[0] : zero ? '0' : ' ';
        var align = match.Groups["align"].Success ? match.Groups["align"].Value : zero && defaultAlign == ">" ? "=" : defaultAlign;
        var margin = Math.Max(0, width - PyText.Length(body) - sign.Length);
        return align switch
        {
            "<" => sign + body + new string(fill, margin),
            ">" => new string(fill, margin) + sign + body,
            "=" => sign + new string(fill, margin) + body,
            _ => new string(fill, margin / 2) + sign + body + new string(fill, margin - (margin / 2)),
        };
    }
}
