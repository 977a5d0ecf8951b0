using System.Text;

namespace Finks.Jinja;

/// <content>Splitting, searching and padding.</content>
internal static partial class StringMethods
{
    public static string Strip(string text, object? characters, bool start, bool end)
    {
        if (characters is null)
        {
            text = start ? PyText.TrimStart(text) : text;
            return end ? PyText.TrimEnd(text) : text;
        }

        var letters = Str(characters).ToCharArray();
        // .NET takes an empty set for white space; Python strips nothing.
        if (letters.Length == 0)
            return text;
        text = start ? text.TrimStart(letters) : text;
        return end ? text.TrimEnd(letters) : text;
    }

    public static string Replace(string text, string old, string replacement, int count)
    {
        if (count < 0 && old.Length > 0)
            return text.Replace(old, replacement, StringComparison.Ordinal);
        var result = new StringBuilder();
        var position = 0;
        for (; count != 0; count--)
        {
            var found = old.Length == 0 ? position : text.IndexOf(old, position, StringComparison.Ordinal);
            if (found < 0 || found > text.Length)
                break;
            result.Append(text, position, found - position).Append(replacement);
            position = found + old.Length;
            if (old.Length > 0)
                continue;
            if (position == text.Length)
                return result.ToString();
            result.Append(text[position++]);
        }

        return result.Append(text, position, text.Length - position).ToString();
    }

    public static string Center(string text, int width, string fill)
    {
        var margin = Math.Max(0, width - PyText.Length(text));
        var left = (margin / 2) + (margin & width & 1);
        return Repeat(fill, left) + text + Repeat(fill, margin - left);
    }

    private static PyList Split(string text, object? separator, int maximum)
    {
        if (separator is null)
            return new PyList(PyText.Words(text, maximum));
        var by = Separator(separator);
        return new PyList(maximum < 0 ? text.Split(by) : text.Split(by, maximum + 1));
    }

    private static PyList SplitFromRight(string text, object? separator, int maximum)
    {
        if (maximum < 0)
            return Split(text, separator, maximum);
        var parts = new List<object?>();
        var rest = separator is null ? PyText.TrimEnd(text) : text;
        while (maximum-- > 0)
        {
            var cut = separator is null ? rest.AsSpan().LastIndexOfAny(" \t\n\r\v\f") : rest.LastIndexOf(Separator(separator), StringComparison.Ordinal);
            if (cut < 0)
                break;
            parts.Add(rest[(cut + (separator is null ? 1 : Separator(separator).Length))..]);
            rest = separator is null ? PyText.TrimEnd(rest[..cut]) : rest[..cut];
        }

        if (separator is not null || rest.Length > 0)
            parts.Add(separator is null && maximum >= 0 ? PyText.TrimStart(rest) : rest);
        parts.Reverse();
        return new PyList(parts);
    }

    private static string Separator(object? separator) =>
        Str(separator) is { Length: > 0 } text ? text : throw PyError.Value("empty separator");

    private static PyTuple Partition(string text, string separator, int found, bool last)
    {
        _ = Separator(separator);
        if (found >= 0)
            return new PyTuple(text[..found], separator, text[(found + separator.Length)..]);
        return last ? new PyTuple("", "", text) : new PyTuple(text, "", "");
    }

    private static string Join(string separator, Bound a)
    {
        var parts = PyValue.Iterate(a[0]).ToList();
        for (var index = 0; index < parts.Count; index++)
        {
            if (parts[index] is not string)
                throw PyError.Type($"sequence item {index}: expected str instance, {PyValue.TypeName(parts[index])} found");
        }

        return string.Join(separator, parts);
    }

    private static string Part(string text, Bound a)
    {
        var (start, stop) = Limits(text, a);
        return start <= stop ? text[start..stop] : "";
    }

    private static (int Start, int Stop) Limits(string text, Bound a)
    {
        var start = a.Or(1, null) is null ? 0 : a.Int(1);
        var stop = a.Or(2, null) is null ? text.Length : a.Int(2);
        start = start < 0 ? Math.Max(0, start + text.Length) : start;
        stop = stop < 0 ? Math.Max(0, stop + text.Length) : Math.Min(stop, text.Length);
        return (start, stop);
    }

    private static bool HasAffix(string text, Bound a, Func<string, string, bool> matches)
    {
        if (Limits(text, a) is var (start, stop) && start > stop)
            return false;
        var part = Part(text, a);
        return a[0] is PyTuple options ? options.Items.Any(option => matches(part, Str(option))) : matches(part, Str(a[0]));
    }

    private static int Find(string text, Bound a, bool fromRight)
    {
        var (start, stop) = Limits(text, a);
        if (start > stop)
            return -1;
        var part = text[start..stop];
        var found = fromRight ? part.LastIndexOf(Str(a[0]), StringComparison.Ordinal) : part.IndexOf(Str(a[0]), StringComparison.Ordinal);
        return found < 0 ? -1 : found + start;
    }

    private static object Found(int index) => index >= 0 ? (long)index : throw PyError.Value("substring not found");

    private static object Count(string text, string part) => part.Length == 0
        ? text.Length + 1L
        : (long)(text.Split(part).Length - 1);

    private static string Fill(string text, int width, string fill) => Repeat(fill, width - PyText.Length(text));

    private static string Repeat(string fill, int times) => fill.Length == 1
        ? new string(fill[0], Math.Max(0, times))
        : throw PyError.Type("The fill character must be exactly one character long");

    private static string ZeroFill(string text, int width)
    {
        var signed = text.StartsWith('-') || text.StartsWith('+');
        return (signed ? text[..1] : "") + Fill(text, width, "0") + (signed ? text[1..] : text);
    }

    private static string ExpandTabs(string text, int size)
    {
        var result = new StringBuilder();
        var column = 0;
        foreach (var letter in text)
        {
            if (letter == '\t')
            {
                var spaces = size > 0 ? size - (column % size) : 0;
                result.Append(' ', spaces);
                column += spaces;
                continue;
            }

            result.Append(letter);
            column = letter is '\n' or '\r' ? 0 : column + 1;
        }

        return result.ToString();
    }
}
