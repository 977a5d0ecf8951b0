using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Finks.Jinja;

/// <summary>
/// Filters for HTML, JSON and URLs. Text marked as safe is an ordinary string here: without autoescaping only an operation that mixes
/// it with other text could tell the difference.
/// </summary>
internal static partial class MarkupFilters
{
    [GeneratedRegex("<!--.*?-->|<[^>]*>", RegexOptions.Singleline)]
    private static partial Regex Tag { get; }

    public static void AddTo(Dictionary<string, JinjaFunction> filters)
    {
        filters.Define("escape", value => Escape(PyValue.Str(value)));
        filters.Define("forceescape", value => Escape(PyValue.Str(value)));
        filters.Define("safe", PyValue.Str);
        filters.Define("striptags", value => WebUtility.HtmlDecode(string.Join(' ', PyText.Words(Tag.Replace(PyValue.Str(value), "")))));
        filters.Define("urlencode", UrlEncode);
        filters.Define("tojson", 1, ["value", "indent"], ToJson);
    }

    private static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace("'", "&#39;", StringComparison.Ordinal)
        .Replace("\"", "&#34;", StringComparison.Ordinal);

    private static object? UrlEncode(object? value)
    {
        if (value is string || PyValue.IterateOrNull(value) is not { } items)
            return Quote(PyValue.Str(value), "/");
        var pairs = value is PyDict dict ? dict.Select(pair => (pair.Key, pair.Value)) : items.Select(item => PyValue.Iterate(item).ToList()).Select(pair => (Key: pair[0], Value: pair[1]));
        return string.Join('&', pairs.Select(pair => $"{Quote(PyValue.Str(pair.Key), "").Replace("%20", "+", StringComparison.Ordinal)}={Quote(PyValue.Str(pair.Value), "").Replace("%20", "+", StringComparison.Ordinal)}"));
    }

    private static string Quote(string text, string safe)
    {
        var quoted = new StringBuilder();
        foreach (var unit in Encoding.UTF8.GetBytes(text))
        {
            var letter = (char)unit;
            if (char.IsAsciiLetterOrDigit(letter) || "_.-~".Contains(letter) || safe.Contains(letter))
                quoted.Append(letter);
            else
                quoted.Append('%').Append(unit.ToString("X2", CultureInfo.InvariantCulture));
        }

        return quoted.ToString();
    }

    private static string ToJson(Bound a)
    {
        var json = new JsonText(a.Or(1, null) is null ? null : a.Int(1), sortKeys: true).Write(a[0]);
        return json.Replace("<", "\\u003c", StringComparison.Ordinal)
            .Replace(">", "\\u003e", StringComparison.Ordinal)
            .Replace("&", "\\u0026", StringComparison.Ordinal)
            .Replace("'", "\\u0027", StringComparison.Ordinal);
    }
}
