using System.Text.Json.Nodes;

namespace Finks.Orchestration.Prefect.Deploying;

/// <summary>
/// The base job templates of Prefect's workers, as Prefect 3.8.3 has them (<c>aggregate-worker-metadata.json</c>), so that no server has to
/// fetch them.
/// </summary>
internal static class PoolTemplate
{
    public static IReadOnlyList<string> Types { get; } = ["process", "ecs"];

    /// <summary>The variables that a pool of this type has.</summary>
    public static IReadOnlyList<string> Variables(string type) => [.. Properties(Read(type)).Select(p => p.Key)];

    /// <summary>The template with the pool's values as defaults, so that deployments need not repeat them.</summary>
    public static JsonObject Of(PoolSpec pool)
    {
        var template = Read(pool.Type);
        foreach (var (name, value) in pool.Defaults)
            Properties(template)[name]!["default"] = value?.DeepClone();
        return template;
    }

    private static JsonObject Properties(JsonObject template) => template["variables"]!["properties"]!.AsObject();

    private static JsonObject Read(string type)
    {
        using var file = typeof(PoolTemplate).Assembly.GetManifestResourceStream($"{type}-pool.json")!;
        return JsonNode.Parse(file)!.AsObject();
    }
}
