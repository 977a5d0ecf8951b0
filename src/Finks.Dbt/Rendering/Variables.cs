using Finks.Dbt.Yaml;
using Finks.Jinja;

namespace Finks.Dbt.Rendering;

/// <summary>
/// <c>var()</c>: the caller's vars, then the project's vars under the package's name, then its global ones
/// (<c>core/context/providers.py</c>, <c>lookup</c>). A text that holds Jinja is rendered when it is read, and stays a text.
/// </summary>
internal sealed class Variables
{
    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);

    public Variables(YamlMapping? project, string package, IReadOnlyDictionary<string, object?> given)
    {
        foreach (var (key, value) in project?.Entries ?? [])
        {
            if (key.Text != package)
                _values[key.Text] = YamlValues.Of(value);
        }

        if (project?[package] is YamlMapping scoped)
        {
            foreach (var (key, value) in scoped.Entries)
                _values[key.Text] = YamlValues.Of(value);
        }

        foreach (var (name, value) in given)
            _values[name] = value;
    }

    public IEnumerable<string> Names => _values.Keys;

    public bool TryGet(string name, out object? value) => _values.TryGetValue(name, out value);
}

/// <summary>YAML values as Jinja sees them.</summary>
internal static class YamlValues
{
    public static object? Of(YamlNode node) => Of(node, scalar => scalar.Value);

    /// <param name="node">A value of a YAML file.</param>
    /// <param name="scalar">What a scalar becomes.</param>
    public static object? Of(YamlNode node, Func<YamlScalar, object?> scalar)
    {
        switch (node)
        {
            case YamlScalar value:
                return scalar(value);
            case YamlSequence sequence:
                return new PyList(sequence.Items.Select(item => Of(item, scalar)));
            default:
                var dict = new PyDict();
                foreach (var (key, value) in ((YamlMapping)node).Entries)
                    dict[key.Value] = Of(value, scalar);
                return dict;
        }
    }
}
