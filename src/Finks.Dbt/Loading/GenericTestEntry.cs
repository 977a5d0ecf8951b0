using Finks.Dbt.Rendering;
using Finks.Dbt.Yaml;

namespace Finks.Dbt.Loading;

/// <summary>One entry of a <c>data_tests:</c> list, in any of the spellings dbt allows, taken apart.</summary>
/// <param name="Test">The test's name, e.g. <c>not_null</c>.</param>
/// <param name="GivenName">A name the project gives this use of the test; null takes dbt's.</param>
/// <param name="Arguments">The test macro's own arguments, as written.</param>
/// <param name="Configs">severity, where and the like, wherever they stood.</param>
/// <param name="Node">The entry itself, for messages.</param>
internal sealed record GenericTestEntry(
    string Test,
    string? GivenName,
    string Description,
    IReadOnlyDictionary<string, object?> Arguments,
    IReadOnlyList<KeyValuePair<string, YamlNode>> Configs,
    YamlNode Node)
{
    private static readonly string[] ConfigKeys =
    [
        "severity", "tags", "enabled", "where", "limit", "warn_if", "error_if", "fail_calc", "store_failures", "store_failures_as", "sql_header", "meta",
        "database", "schema", "alias",
    ];

    public static GenericTestEntry Read(YamlNode node)
    {
        switch (node)
        {
            case YamlScalar { Value: string name }:
                return new GenericTestEntry(name, null, "", new Dictionary<string, object?>(), [], node);
            case YamlMapping mapping when mapping["test_name"] is { } test:
                return Read(test.AsText("'test_name'"), mapping, mapping);
            case YamlMapping { Entries: [var (key, value)] }:
                var nothing = new YamlMapping(node.File, node.Line, node.Column, []);
                return Read(key.Text, value is YamlScalar { Value: null } ? nothing : value.AsMapping($"test '{key.Text}'"), node);
            default:
                throw node.Error("a test must be a name, or one name with its arguments below it (check the indentation)");
        }
    }

    private static GenericTestEntry Read(string test, YamlMapping body, YamlNode node)
    {
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal);
        var configs = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        foreach (var (key, value) in body.Entries)
        {
            if (ConfigKeys.Contains(key.Text))
                configs[key.Text] = value;
            else if (key.Text is not ("config" or "arguments" or "name" or "description" or "test_name"))
                arguments[key.Text] = Written(value);
        }

        foreach (var (key, value) in body.Mapping("config")?.Entries ?? [])
        {
            if (!configs.TryAdd(key.Text, value))
                throw key.Error($"'{key.Text}' stands both inside 'config' and beside it; keep the one inside");
        }

        foreach (var (key, value) in body.Mapping("arguments")?.Entries ?? [])
            arguments[key.Text] = Written(value);
        if (arguments.ContainsKey("model"))
            throw node.Error($"test '{test}' must not be given 'model'; it is the model the test stands under");
        return new GenericTestEntry(test, body.Text("name"), body.Text("description") ?? "", arguments, [.. configs], node);
    }

    /// <summary>dbt turns dates of YAML back into texts.</summary>
    private static object? Written(YamlNode node) => YamlValues.Of(node, scalar => scalar.Value is DateOnly or DateTime ? scalar.Text : scalar.Value);
}
