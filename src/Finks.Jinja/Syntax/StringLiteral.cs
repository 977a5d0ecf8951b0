using System.Globalization;
using System.Text;

namespace Finks.Jinja;

/// <summary>Python's <c>unicode-escape</c>, which Jinja applies to string literals: unknown escapes keep their backslash.</summary>
internal static class StringLiteral
{
    public static bool TryDecode(ReadOnlySpan<char> body, out string value, out string reason)
    {
        (value, reason) = ("", "");
        if (!body.Contains('\\'))
        {
            value = body.ToString();
            return true;
        }

        var decoded = new StringBuilder(body.Length);
        for (var index = 0; index < body.Length; index++)
        {
            if (body[index] != '\\')
                decoded.Append(body[index]);
            else if (!TryEscape(body, ref index, decoded, out reason))
                return false;
        }

        value = decoded.ToString();
        return true;
    }

    private static bool TryEscape(ReadOnlySpan<char> body, ref int index, StringBuilder decoded, out string reason)
    {
        reason = "";
        var letter = body[++index];
        switch (letter)
        {
            case '\n': return true;
            case '\\' or '\'' or '"': decoded.Append(letter); return true;
            case 'a': decoded.Append('\a'); return true;
            case 'b': decoded.Append('\b'); return true;
            case 'f': decoded.Append('\f'); return true;
            case 'n': decoded.Append('\n'); return true;
            case 'r': decoded.Append('\r'); return true;
            case 't': decoded.Append('\t'); return true;
            case 'v': decoded.Append('\v'); return true;
            case >= '0' and <= '7': AppendOctal(body, ref index, decoded); return true;
            case 'x': return TryHex(body, ref index, 2, decoded, out reason);
            case 'u': return TryHex(body, ref index, 4, decoded, out reason);
            case 'U': return TryHex(body, ref index, 8, decoded, out reason);
            case 'N':
                reason = @"a \N{...} escape is not supported; write the character itself or a \u escape";
                return false;
            default: decoded.Append('\\').Append(letter); return true;
        }
    }

    private static void AppendOctal(ReadOnlySpan<char> body, ref int index, StringBuilder decoded)
    {
        var value = 0;
        var end = Math.Min(index + 3, body.Length);
        while (index < end && body[index] is >= '0' and <= '7')
            value = (value * 8) + (body[index++] - '0');
        index--;
        decoded.Append((char)value);
    }

    private static bool TryHex(ReadOnlySpan<char> body, ref int index, int digits, StringBuilder decoded, out string reason)
    {
        reason = $"a \\{body[index]} escape needs {digits} hexadecimal digits";
        if (index + digits >= body.Length || !uint.TryParse(body.Slice(index + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            return false;
        if (code > 0x10FFFF)
            return false;
        decoded.Append(Rune.IsValid(code) ? new Rune(code).ToString() : ((char)code).ToString());
        index += digits;
        return true;
    }
}
