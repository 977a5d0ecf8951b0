using System.Globalization;
using System.Text.RegularExpressions;

namespace Finks.Dbt.Selection;

/// <summary>One criterion such as <c>2+tag:nightly+</c>, taken apart (<c>core/graph/selector_spec.py</c>).</summary>
/// <param name="Method">e.g. <c>fqn</c>, <c>tag</c>, <c>config.materialized</c>.</param>
/// <param name="Value">What the method matches; may hold <c>*</c>, <c>?</c> and <c>[..]</c>.</param>
/// <param name="ParentDepth">How far up to go; null for no parents, <see cref="int.MaxValue"/> for all.</param>
/// <param name="ChildDepth">How far down to go, likewise.</param>
/// <param name="ChildrensParents"><c>@x</c>: all descendants and all their ancestors.</param>
internal sealed partial record SelectionCriterion(string Method, string Value, int? ParentDepth, int? ChildDepth, bool ChildrensParents, string Text)
{
    private static readonly string[] Methods = ["fqn", "tag", "path", "file", "source", "resource_type", "test_type", "test_name", "package"];

    public static SelectionCriterion Parse(string text)
    {
        var match = Spec().Match(text);
        var value = match.Groups["value"].Value;
        if (value.Length == 0)
            throw new DbtException($"the selection '{text}' names nothing; write e.g. 'revenue', 'tag:nightly' or '+revenue'");
        var at = match.Groups["at"].Success;
        if (at && match.Groups["children"].Success)
            throw new DbtException($"the selection '{text}' has both '@' and a trailing '+'; '@' includes all children already");
        var method = match.Groups["method"].Success ? match.Groups["method"].Value : DefaultMethod(value);
        if (!Methods.Contains(method) && !method.StartsWith("config.", StringComparison.Ordinal))
            throw new DbtException($"the selection method '{method}' of '{text}' is not supported (supported: {string.Join(", ", Methods)}, config.<key>)");
        return new SelectionCriterion(method, value, Depth(match, "parents", "parentDepth"), Depth(match, "children", "childDepth"), at, text);
    }

    private static string DefaultMethod(string value)
    {
        if (value.Contains('/', StringComparison.Ordinal))
            return "path";
        return value.EndsWith(".sql", StringComparison.OrdinalIgnoreCase) || value.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? "file" : "fqn";
    }

    private static int? Depth(Match match, string group, string depth)
    {
        if (!match.Groups[group].Success)
            return null;
        return match.Groups[depth].Length == 0 ? int.MaxValue : int.Parse(match.Groups[depth].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^(?<at>@)?(?<parents>(?<parentDepth>\d*)\+)?(?:(?<method>[\w.]+):)?(?<value>.*?)(?<children>\+(?<childDepth>\d*))?$")]
    private static partial Regex Spec();
}
