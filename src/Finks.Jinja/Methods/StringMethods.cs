namespace Finks.Jinja;

/// <summary>Methods of str.</summary>
internal static partial class StringMethods
{
    private static readonly MethodTable<string> Table = new MethodTable<string>()
        .Add("lower", text => text.ToLowerInvariant())
        .Add("casefold", text => text.ToLowerInvariant())
        .Add("upper", text => text.ToUpperInvariant())
        .Add("capitalize", PyText.Capitalize)
        .Add("title", PyText.Title)
        .Add("swapcase", text => string.Concat(text.Select(c => char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c))))
        .Add("strip", 0, ["chars"], (text, a) => Strip(text, a.Or(0, null), true, true))
        .Add("lstrip", 0, ["chars"], (text, a) => Strip(text, a.Or(0, null), true, false))
        .Add("rstrip", 0, ["chars"], (text, a) => Strip(text, a.Or(0, null), false, true))
        .Add("replace", 2, ["old", "new", "count"], (text, a) => Replace(text, Str(a[0]), Str(a[1]), a.Int(2, -1)))
        .Add("split", 0, ["sep", "maxsplit"], (text, a) => Split(text, a.Or(0, null), a.Int(1, -1)))
        .Add("rsplit", 0, ["sep", "maxsplit"], (text, a) => SplitFromRight(text, a.Or(0, null), a.Int(1, -1)))
        .Add("splitlines", 0, ["keepends"], (text, a) => new PyList(PyText.Lines(text, a.Flag(0))))
        .Add("partition", 1, ["sep"], (text, a) => Partition(text, Str(a[0]), text.IndexOf(Str(a[0]), StringComparison.Ordinal), last: false))
        .Add("rpartition", 1, ["sep"], (text, a) => Partition(text, Str(a[0]), text.LastIndexOf(Str(a[0]), StringComparison.Ordinal), last: true))
        .Add("join", 1, ["iterable"], Join)
        .Add("startswith", 1, ["prefix", "start", "end"], (text, a) => HasAffix(text, a, (part, affix) => part.StartsWith(affix, StringComparison.Ordinal)))
        .Add("endswith", 1, ["suffix", "start", "end"], (text, a) => HasAffix(text, a, (part, affix) => part.EndsWith(affix, StringComparison.Ordinal)))
        .Add("removeprefix", 1, ["prefix"], (text, a) => text.StartsWith(Str(a[0]), StringComparison.Ordinal) ? text[Str(a[0]).Length..] : text)
        .Add("removesuffix", 1, ["suffix"], (text, a) => text.EndsWith(Str(a[0]), StringComparison.Ordinal) ? text[..^Str(a[0]).Length] : text)
        .Add("find", 1, ["sub", "start", "end"], (text, a) => (long)Find(text, a, fromRight: false))
        .Add("rfind", 1, ["sub", "start", "end"], (text, a) => (long)Find(text, a, fromRight: true))
        .Add("index", 1, ["sub", "start", "end"], (text, a) => Found(Find(text, a, fromRight: false)))
        .Add("rindex", 1, ["sub", "start", "end"], (text, a) => Found(Find(text, a, fromRight: true)))
        .Add("count", 1, ["sub", "start", "end"], (text, a) => Count(Part(text, a), Str(a[0])))
        .Add("center", 1, ["width", "fillchar"], (text, a) => Center(text, a.Int(0), a.Text(1, " ")))
        .Add("ljust", 1, ["width", "fillchar"], (text, a) => text + Fill(text, a.Int(0), a.Text(1, " ")))
        .Add("rjust", 1, ["width", "fillchar"], (text, a) => Fill(text, a.Int(0), a.Text(1, " ")) + text)
        .Add("zfill", 1, ["width"], (text, a) => ZeroFill(text, a.Int(0)))
        .Add("expandtabs", 0, ["tabsize"], (text, a) => ExpandTabs(text, a.Int(0, 8)))
        .Add("isdigit", text => All(text, char.IsDigit))
        .Add("isdecimal", text => All(text, char.IsDigit))
        .Add("isnumeric", text => All(text, char.IsNumber))
        .Add("isalpha", text => All(text, char.IsLetter))
        .Add("isalnum", text => All(text, char.IsLetterOrDigit))
        .Add("isspace", text => All(text, PyText.IsSpace))
        .Add("isupper", text => text.Any(char.IsUpper) && !text.Any(char.IsLower))
        .Add("islower", text => text.Any(char.IsLower) && !text.Any(char.IsUpper))
        .Add("istitle", text => text.Any(char.IsLetter) && PyText.Title(text) == text)
        .Add("isidentifier", text => text.Length > 0 && !char.IsDigit(text[0]) && text.All(c => c == '_' || char.IsLetterOrDigit(c)))
        .Add("isascii", text => text.All(char.IsAscii))
        .AddFree("format", (text, call) => StringFormat.Apply(text, call))
        .Add("format_map", 1, ["mapping"], FormatMap)
        .Freeze();

    public static bool TryBind(string text, string name, out object? method) => Table.TryBind(text, name, out method);

    private static object? FormatMap(string text, Bound a)
    {
        var names = a[0] is PyDict dict
            ? dict.Where(pair => pair.Key is string).ToDictionary(pair => (string)pair.Key!, pair => pair.Value)
            : throw PyError.Type("format_map() needs a mapping");
        return StringFormat.Apply(text, new CallArguments(a.Environment, [], names, a.Call.File, a.Call.Line));
    }

    private static string Str(object? value) => value switch
    {
        string text => text,
        Undefined missing => throw missing.Error(),
        _ => throw PyError.Type($"must be str, not {PyValue.TypeName(value)}"),
    };

    private static bool All(string text, Func<char, bool> holds) => text.Length > 0 && text.All(holds);
}
