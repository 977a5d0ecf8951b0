using System.Globalization;
using System.Numerics;
using System.Text;

namespace Finks.Jinja;

/// <content>What values print as.</content>
public static partial class PyValue
{
    /// <summary>Python's <c>str(value)</c>: what <c>{{ value }}</c> prints.</summary>
    public static string Str(object? value) => value switch
    {
        string text => text,
        long number => number.ToString(CultureInfo.InvariantCulture),
        Undefined => "",
        IJinjaObject other => other.ToJinjaString(),
        DateOnly or DateTime or DateTimeOffset or TimeOnly or TimeSpan => PyDates.Str(value),
        decimal number => DecimalText(number),
        _ => Repr(value),
    };

    /// <summary>Python's <c>repr(value)</c>: what the value prints as inside a list.</summary>
    public static string Repr(object? value)
    {
        switch (value)
        {
            case null: return "None";
            case bool flag: return flag ? "True" : "False";
            case long number: return number.ToString(CultureInfo.InvariantCulture);
            case BigInteger number: return number.ToString(CultureInfo.InvariantCulture);
            case double number: return FloatText.Repr(number);
            case string text: return Quote(text);
        }

        var writer = new ReprWriter();
        WriteRepr(value, writer);
        return writer.ToString();
    }

    internal static void WriteRepr(object? value, ReprWriter writer)
    {
        switch (value)
        {
            case PyObject other:
                other.WriteRepr(writer);
                break;
            case decimal number:
                writer.Append($"Decimal('{DecimalText(number)}')");
                break;
            case IJinjaObject other:
                writer.Append(other.ToJinjaRepr());
                break;
            case JinjaFunction:
                writer.Append("<function>");
                break;
            case DateOnly or DateTime or DateTimeOffset or TimeOnly or TimeSpan:
                writer.Append(PyDates.Repr(value));
                break;
            case null or bool or long or BigInteger or double or string:
                writer.Append(Repr(value));
                break;
            default:
                writer.Append(value.ToString() ?? "");
                break;
        }
    }

    /// <summary>A string literal as Python's repr writes it: single quotes unless only they occur inside.</summary>
    internal static string Quote(string text)
    {
        var quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        var quoted = new StringBuilder(text.Length + 2).Append(quote);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == quote || rune.Value == '\\')
                quoted.Append('\\').Append((char)rune.Value);
            else if (Escape(rune) is { } escape)
                quoted.Append(escape);
            else
                quoted.Append(rune.ToString());
        }

        return quoted.Append(quote).ToString();
    }

    private static string? Escape(Rune rune) => rune.Value switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        ' ' => null,
        < 0x7F and > 0x20 => null,
        _ when IsPrintable(rune) => null,
        <= 0xFF => $"\\x{rune.Value:x2}",
        <= 0xFFFF => $"\\u{rune.Value:x4}",
        _ => $"\\U{rune.Value:x8}",
    };

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);

    // System.Decimal keeps its scale, as Decimal does; only an exponent above zero has no counterpart.
    private static string DecimalText(decimal number)
    {
        var text = number.ToString(CultureInfo.InvariantCulture);
        var digits = text.TrimStart('-').Replace(".", "", StringComparison.Ordinal).TrimStart('0');
        var adjusted = (digits.Length == 0 ? 1 : digits.Length) - 1 - number.Scale;
        if (adjusted >= -6)
            return text;
        digits = digits.Length == 0 ? "0" : digits;
        var mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
        return $"{(text[0] == '-' ? "-" : "")}{mantissa}E{adjusted}";
    }
}
