using Finks.Jinja;

namespace Finks.Dbt.Configuration;

/// <summary>
/// A node's configs, merged level by level (<c>common/contracts/config/base.py</c>): <c>tags</c> add up, <c>meta</c>, <c>docs</c>,
/// <c>column_types</c>, <c>quoting</c> and <c>contract</c> merge key by key, everything else is replaced by the later level.
/// </summary>
public sealed class NodeConfig
{
    private readonly Dictionary<string, object?> _values;

    private NodeConfig(Dictionary<string, object?> values) => _values = values;

    /// <summary>All keys, dbt's defaults included, in the order they were first stated.</summary>
    public IReadOnlyDictionary<string, object?> Values => _values;

    public string Materialized => Text("materialized") ?? "view";
    public bool Enabled => _values.GetValueOrDefault("enabled") is not false;
    public IReadOnlyList<string> Tags => [.. Items(_values.GetValueOrDefault("tags")).Select(PyValue.Str)];

    public bool TryGet(string key, out object? value) => _values.TryGetValue(key, out value);

    /// <summary>The value as Python's <c>str()</c> prints it; null where it is absent or None.</summary>
    public string? Text(string key) => _values.GetValueOrDefault(key) is { } value ? PyValue.Str(value) : null;

    public bool Flag(string key, bool otherwise) => _values.GetValueOrDefault(key) is bool flag ? flag : otherwise;

    internal static NodeConfig Defaults(ResourceType type) => new(type switch
    {
        ResourceType.Test => new(StringComparer.Ordinal)
        {
            ["enabled"] = true,
            ["alias"] = null,
            ["schema"] = "dbt_test__audit",
            ["database"] = null,
            ["tags"] = new PyList(),
            ["meta"] = new PyDict(),
            ["materialized"] = "test",
            ["severity"] = "ERROR",
            ["store_failures"] = null,
            ["where"] = null,
            ["limit"] = null,
            ["fail_calc"] = "count(*)",
            ["warn_if"] = "!= 0",
            ["error_if"] = "!= 0",
        },
        _ => new(StringComparer.Ordinal)
        {
            ["enabled"] = true,
            ["alias"] = null,
            ["schema"] = null,
            ["database"] = null,
            ["tags"] = new PyList(),
            ["meta"] = new PyDict(),
            ["materialized"] = type == ResourceType.Seed ? "seed" : "view",
            ["column_types"] = new PyDict(),
            ["full_refresh"] = null,
            ["unique_key"] = null,
        },
    });

    internal NodeConfig With(ConfigLevel level)
    {
        if (level.Values.Count == 0)
            return this;
        var merged = new Dictionary<string, object?>(_values, StringComparer.Ordinal);
        foreach (var (given, value) in level.Values)
        {
            var key = given is "pre_hook" or "post_hook" ? given.Replace('_', '-') : given;
            merged[key] = key switch
            {
                "tags" => Append(merged.GetValueOrDefault(key), value),
                "meta" or "docs" or "column_types" or "quoting" or "contract" => Update(merged.GetValueOrDefault(key), value, key, level),
                _ => value,
            };
        }

        return new NodeConfig(merged);
    }

    private static PyList Append(object? before, object? value) => [.. Items(before), .. Items(value)];

    private static IEnumerable<object?> Items(object? value) => value switch
    {
        null => [],
        PyList list => list,
        _ => [value],
    };

    private static PyDict Update(object? before, object? value, string key, ConfigLevel level)
    {
        var merged = new PyDict();
        foreach (var source in new[] { before, value })
        {
            if (source is null)
                continue;
            if (source is not PyDict dict)
                throw new DbtException($"the config '{key}' must be a mapping, not {PyValue.Repr(source)}", level.File, level.Line);
            foreach (var (name, item) in dict)
                merged[name] = item;
        }

        return merged;
    }
}
