using System.Text;
using System.Text.RegularExpressions;

namespace Finks.Dbt.Selection;

/// <summary>Python's <c>fnmatch</c>: <c>*</c> and <c>?</c> match anything, also <c>/</c> and <c>.</c>; case counts.</summary>
internal static class Glob
{
    public static bool HasWildcard(string pattern) => pattern.AsSpan().IndexOfAny('*', '?', '[') >= 0;

    public static bool Matches(string text, string pattern) =>
        HasWildcard(pattern) ? Regex.IsMatch(text, Translate(pattern), RegexOptions.Singleline) : text == pattern;

    private static string Translate(string pattern)
    {
        var regex = new StringBuilder(@"\A");
        for (var i = 0; i < pattern.Length; i++)
        {
            var close = pattern[i] == '[' ? pattern.IndexOf(']', Math.Min(i + 2, pattern.Length - 1)) : -1;
            if (close > 0)
            {
                var inside = pattern[(i + 1)..close].Replace(@"\", @"\\", StringComparison.Ordinal);
                regex.Append('[').Append(inside[0] == '!' ? '^' + inside[1..] : inside).Append(']');
                i = close;
                continue;
            }

            regex.Append(pattern[i] switch
            {
                '*' => ".*",
                '?' => ".",
                var other => Regex.Escape(other.ToString()),
            });
        }

        return regex.Append(@"\z").ToString();
    }
}
