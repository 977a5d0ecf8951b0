using System.Text.Json.Nodes;

namespace Finks.Orchestration.Prefect.Deploying;

/// <summary>
/// How Finks knows what it has made, and for which environment: by tag where the server has tags, else at the end of the description, in a
/// field of blocks, in the slug of schedules. Limits have nothing of the kind: a variable of the server lists them.
/// </summary>
internal sealed class Marks(string environment)
{
    /// <summary>How the marks of all environments begin.</summary>
    public const string Prefix = "finks:";

    private const string SlugPrefix = "finks-";

    /// <summary>Such as <c>finks:dev</c>.</summary>
    public string Own { get; } = Prefix + environment;

    /// <summary>The variable that lists the limits.</summary>
    public string LimitList { get; } = $"finks-{environment}-limits";

    public JsonArray Tags(IEnumerable<string>? others = null) =>
        [.. (others ?? []).Append(Own).Distinct().Select(t => JsonValue.Create(t))];

    public string Describe(string text) => $"{text} ({Own})".TrimStart();

    public static string Slug(string schedule) => SlugPrefix + schedule;

    public static bool IsOwnSlug(string? slug) => slug?.StartsWith(SlugPrefix, StringComparison.Ordinal) == true;

    /// <summary>The name that <see cref="Slug"/> was made of.</summary>
    public static string ScheduleOf(string slug) => slug[SlugPrefix.Length..];

    public bool IsInTags(JsonNode body) => body["tags"] is JsonArray tags && tags.Any(t => t?.GetValue<string>() == Own);

    public bool IsInDescription(JsonNode body) => body["description"]?.GetValue<string>().EndsWith($"({Own})",
        StringComparison.Ordinal) == true;
}

/// <summary>The field of blocks that says who has made them.</summary>
internal static class BlockMark
{
    public const string Field = "managed_by";
}
