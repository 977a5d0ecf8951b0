using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Finks.Orchestration.Prefect.Deploying;

/// <summary>
/// The identifier of another object inside a body: it is known only once that object is there, so until then a mark stands in its place,
/// which differs from all that a server can have.
/// </summary>
internal static partial class ServerReference
{
    /// <summary>The identifier of an object.</summary>
    public static string To(ObjectKind kind, string name) => $"\u0001{kind}:{name}\u0001";

    /// <summary>The identifier of the schema of a block type.</summary>
    public static string ToSchema(string slug) => $"\u0001Schema:{slug}\u0001";

    /// <summary>The same value with identifiers where they are known.</summary>
    public static JsonNode? Resolve(JsonNode? value, IReadOnlyDictionary<string, Guid> known) => value switch
    {
        JsonObject fields => new JsonObject(fields.Select(f => KeyValuePair.Create(f.Key, Resolve(f.Value, known)))),
        JsonArray items => new JsonArray([.. items.Select(i => Resolve(i, known))]),
        JsonValue text when text.TryGetValue(out string? content) => Mark().Replace(content, m => known.TryGetValue(m.Value, out var id)
            ? $"{id}" : m.Value),
        _ => value?.DeepClone(),
    };

    /// <summary>All references inside a value.</summary>
    public static IEnumerable<string> In(JsonNode? value) => value switch
    {
        JsonObject fields => fields.SelectMany(f => In(f.Value)),
        JsonArray items => items.SelectMany(In),
        JsonValue text when text.TryGetValue(out string? content) => Mark().Matches(content).Select(m => m.Value),
        _ => [],
    };

    /// <summary>For people: <c>block slack-webhook/alerts</c>.</summary>
    public static string Words(string reference) =>
        reference.Trim('\u0001').Split(':', 2) is [var kind, var name]
            ? $"{(kind == "Schema" ? "the type of the block" : kind.ToLowerInvariant())} {name}" : reference;

    [GeneratedRegex("\u0001[^\u0001]*\u0001")]
    private static partial Regex Mark();
}
