using System.Globalization;
using System.Text.Json.Nodes;

namespace Finks.Orchestration.Prefect.Deploying;

/// <summary>What differs between two JSON values, by value: the order of keys and the spelling of numbers and times do not count.</summary>
internal static class JsonDifference
{
    /// <summary>The server adds fields of its own to these, and keeps lists of names in no order.</summary>
    private static readonly HashSet<string> Extended = ["schedule", "trigger", "actions", "tags", "concurrency_options"];

    /// <summary>The fields of <paramref name="wanted"/> that <paramref name="found"/> has otherwise.</summary>
    public static IReadOnlyList<FieldChange> Between(JsonObject wanted, JsonObject found)
    {
        var changes = new List<FieldChange>();
        foreach (var (name, value) in wanted)
            Compare(name, value, found[name], Extended.Contains(name), changes);
        return changes;
    }

    private static void Compare(string path, JsonNode? wanted, JsonNode? found, bool extended, List<FieldChange> changes)
    {
        if (wanted is JsonObject left && found is JsonObject right)
        {
            foreach (var name in extended ? left.Select(f => f.Key) : left.Select(f => f.Key).Union(right.Select(f => f.Key)))
                Compare($"{path}.{name}", left[name], right[name], extended, changes);
        }
        else if (wanted is JsonArray wantedItems && found is JsonArray foundItems && wantedItems.Count == foundItems.Count)
        {
            var (a, b) = extended ? (Sorted(wantedItems), Sorted(foundItems)) : ([.. wantedItems], [.. foundItems]);
            for (var i = 0; i < a.Count; i++)
                Compare($"{path}[{i}]", a[i], b[i], extended, changes);
        }
        else if (!Same(wanted, found))
        {
            changes.Add(new FieldChange(path, found?.ToJsonString(), wanted?.ToJsonString()));
        }
    }

    /// <summary>Texts in order; other items as they stand.</summary>
    private static List<JsonNode?> Sorted(JsonArray items) =>
        items.All(i => i is JsonValue value && value.TryGetValue(out string? _))
            ? [.. items.OrderBy(i => i!.GetValue<string>(), StringComparer.Ordinal)] : [.. items];

    private static bool Same(JsonNode? a, JsonNode? b)
    {
        if (a is null || b is null)
            return a is null && b is null;
        return a.ToJsonString() == b.ToJsonString()
            || (Number(a) is { } x && Number(b) is { } y && x == y)
            || (Time(a) is { } from && Time(b) is { } to && from == to);
    }

    private static decimal? Number(JsonNode node) =>
        node.GetValueKind() == System.Text.Json.JsonValueKind.Number
        && decimal.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Only what has a time and an offset: a date alone stays a text.</summary>
    private static DateTimeOffset? Time(JsonNode node) =>
        node is JsonValue value && value.TryGetValue(out string? text) && text.Length >= 20 && text[10] == 'T'
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}

/// <summary>A field that is not as the file wants it.</summary>
/// <param name="Before">JSON; null when the server has none.</param>
/// <param name="After">JSON; null when it goes.</param>
public sealed record FieldChange(string Field, string? Before, string? After)
{
    private const int Longest = 80;

    /// <summary>For people: <c>limit: 2 → 3</c>.</summary>
    public override string ToString() => Before is null && After is null ? Field : $"{Field}: {Shorten(Before)} → {Shorten(After)}";

    /// <summary>Without the values.</summary>
    internal FieldChange Hidden() => new(Field, null, null);

    private static string Shorten(string? value) => value switch
    {
        null => "none",
        { Length: > Longest } => value[..Longest] + "…",
        _ => value,
    };
}
