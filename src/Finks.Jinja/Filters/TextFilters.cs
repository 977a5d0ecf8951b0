using System.Text;

namespace Finks.Jinja;

/// <summary>Filters on text.</summary>
internal static class TextFilters
{
    public static void AddTo(Dictionary<string, JinjaFunction> filters)
    {
        filters.Define("string", PyValue.Str);
        filters.Define("lower", value => PyValue.Str(value).ToLowerInvariant());
        filters.Define("upper", value => PyValue.Str(value).ToUpperInvariant());
        filters.Define("capitalize", value => PyText.Capitalize(PyValue.Str(value)));
        filters.Define("title", value => Title(PyValue.Str(value)));
        filters.Define("wordcount", value => (long)WordCount(PyValue.Str(value)));
        filters.Define("trim", 1, ["value", "chars"], a => StringMethods.Strip(a.Text(0), a.Or(1, null), true, true));
        filters.Define("center", 1, ["value", "width"], a => StringMethods.Center(a.Text(0), a.Int(1, 80), " "));
        filters.Define("replace", 3, ["s", "old", "new", "count"], a => StringMethods.Replace(a.Text(0), a.Text(1), a.Text(2), a.Or(3, null) is null ? -1 : a.Int(3)));
        filters.Define("truncate", 1, ["s", "length", "killwords", "end", "leeway"], Truncate);
        filters.Define("indent", 1, ["s", "width", "first", "blank"], Indent);
        filters["format"] = Format;
    }

    private static string Format(CallArguments call)
    {
        var arguments = call.Positional.Skip(1).ToArray();
        if (arguments.Length > 0 && call.Keyword.Count > 0)
            throw new PyError("FilterArgumentError", "can't handle positional and keyword arguments at the same time");
        return PercentFormat.Apply(PyValue.Str(call.Positional[0]), call.Keyword.Count > 0 ? new PyDict(call.Keyword) : new PyTuple(arguments));
    }

    // Words begin after white space, hyphens and opening brackets; the rest of a word becomes small.
    private static string Title(string text)
    {
        var result = new StringBuilder(text.Length);
        var starts = true;
        foreach (var letter in text)
        {
            result.Append(starts ? char.ToUpperInvariant(letter) : char.ToLowerInvariant(letter));
            starts = PyText.IsSpace(letter) || letter is '-' or '(' or '{' or '[' or '<';
        }

        return result.ToString();
    }

    private static int WordCount(string text)
    {
        var (count, inside) = (0, false);
        foreach (var letter in text)
        {
            var isWord = char.IsLetterOrDigit(letter) || letter == '_';
            count += isWord && !inside ? 1 : 0;
            inside = isWord;
        }

        return count;
    }

    private static string Truncate(Bound a)
    {
        // Five characters of leeway is the default policy of Jinja ("truncate.leeway").
        var (text, length, end, leeway) = (a.Text(0), a.Int(1, 255), a.Text(3, "..."), a.Or(4, null) is null ? 5 : a.Int(4));
        if (length < end.Length)
            throw new PyError("AssertionError", $"expected length >= {end.Length}, got {length}");
        if (leeway < 0)
            throw new PyError("AssertionError", $"expected leeway >= 0, got {leeway}");
        if (text.Length <= length + leeway)
            return text;
        var cut = text[..(length - end.Length)];
        if (!a.Flag(2))
            cut = cut.LastIndexOf(' ') is var space and >= 0 ? cut[..space] : cut;
        return cut + end;
    }

    private static string Indent(Bound a)
    {
        if (a[0] is not string text)
            throw a[0] is Undefined missing ? missing.Error() : PyError.Type($"indent needs a string, not {PyValue.TypeName(a[0])}");
        var margin = a.Or(1, 4L) is string given ? given : new string(' ', Math.Max(0, a.Int(1, 4)));
        var blank = a.Flag(3);
        var lines = PyText.Lines(text + "\n");
        for (var index = 1; index < lines.Count; index++)
            lines[index] = blank || lines[index].Length > 0 ? margin + lines[index] : "";
        return (a.Flag(2) ? margin : "") + string.Join('\n', lines);
    }
}
