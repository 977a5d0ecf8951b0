using Finks.Dbt.Yaml;

namespace Finks.Dbt.Configuration;

/// <summary>Turns a YAML scalar, list or mapping into the value Jinja sees, rendering texts that hold Jinja.</summary>
internal delegate object? RenderYaml(YamlNode node);

/// <summary>A <c>models:</c>, <c>seeds:</c> or <c>data_tests:</c> tree of the project file.</summary>
internal sealed class ConfigTree(YamlMapping? root, RenderYaml render)
{
    /// <summary>
    /// The levels that apply to a node, general before specific (<c>core/context/context_config.py</c>): the root, the package, each folder,
    /// the name. A key with <c>+</c> is a config; a key without is one unless its value is a mapping.
    /// </summary>
    public IEnumerable<ConfigLevel> LevelsFor(IReadOnlyList<string> fqn)
    {
        var level = root;
        if (level is null)
            yield break;
        yield return Read(level);
        foreach (var step in fqn)
        {
            level = level[step] as YamlMapping;
            if (level is null)
                yield break;
            yield return Read(level);
        }
    }

    private ConfigLevel Read(YamlMapping level)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (key, value) in level.Entries)
        {
            if (key.Text.StartsWith('+'))
                values[key.Text[1..].Trim()] = render(value);
            else if (value is not YamlMapping)
                values[key.Text] = render(value);
        }

        return new ConfigLevel(values, level.File, level.Line);
    }
}
