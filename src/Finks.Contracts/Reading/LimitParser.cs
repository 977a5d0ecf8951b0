using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Finks.Contracts.Reading;

/// <summary>Reads the one comparison of a quality rule: <c>mustBe: 0</c>, <c>mustBeBetween: [1, 5]</c>.</summary>
internal static class LimitParser
{
    private static readonly (string Key, Comparison Comparison)[] Comparisons =
        [.. Enum.GetValues<Comparison>().Select(c => (char.ToLowerInvariant(c.ToString()[0]) + c.ToString()[1..], c))];

    /// <summary>The limit; a stand-in when a problem was logged.</summary>
    public static Limit Parse(MappingReader rule)
    {
        var given = Comparisons.Where(c => rule.Has(c.Key)).ToList();
        if (given.Count != 1)
        {
            rule.Problems.Add(
                rule.Node,
                given.Count == 0 ? $"{rule.Subject} does not say what the value must be." : $"{rule.Subject} has {given.Count} comparisons.",
                $"Write one of {string.Join(", ", Comparisons.Select(c => c.Key))}.");
            return new Limit(Comparison.MustBe, 0, 0);
        }

        var (key, comparison) = given[0];
        if (comparison is not (Comparison.MustBeBetween or Comparison.MustNotBeBetween))
        {
            var value = rule.Number(key) ?? 0;
            return new Limit(comparison, value, value);
        }

        var bounds = Bounds(rule, key);
        return new Limit(comparison, bounds.Low, bounds.High);
    }

    private static (decimal Low, decimal High) Bounds(MappingReader rule, string key)
    {
        var numbers = (rule.Sequence(key)?.Children ?? []).OfType<YamlScalarNode>().Where(n => n.Kind() == ScalarKind.Number)
            .Select(n => decimal.TryParse(n.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : (decimal?)null)
            .ToList();
        if (numbers is [{ } low, { } high] && low < high)
            return (low, high);
        rule.Problems.Add(rule.PlaceOf(key), $"{rule.Subject}: '{key}' does not hold two numbers, the smaller one first.", "Write them as [0, 5].");
        return default;
    }
}
