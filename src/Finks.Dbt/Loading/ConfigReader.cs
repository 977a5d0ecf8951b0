using Finks.Dbt.Configuration;
using Finks.Dbt.Project;
using Finks.Dbt.Rendering;
using Finks.Dbt.Yaml;

namespace Finks.Dbt.Loading;

/// <summary>Collects a node's configs from all places that may state them.</summary>
internal sealed class ConfigReader
{
    private readonly ProjectEnvironment _environment;
    private readonly ContextFactory _contexts;
    private readonly Dictionary<ResourceType, ConfigTree> _trees;

    public ConfigReader(ProjectEnvironment environment)
    {
        _environment = environment;
        _contexts = new ContextFactory(environment);
        object? InProjectFile(YamlNode node) => Render(node, projectFile: true);
        _trees = new()
        {
            [ResourceType.Model] = new ConfigTree(environment.Settings.Models, InProjectFile),
            [ResourceType.Seed] = new ConfigTree(environment.Settings.Seeds, InProjectFile),
            [ResourceType.Test] = new ConfigTree(environment.Settings.DataTests, InProjectFile),
        };
    }

    /// <summary>dbt's order: defaults, project file along the fqn, property file, the file's own <c>config()</c>.</summary>
    public NodeConfig Read(ResourceType type, IReadOnlyList<string> fqn, NodeProperties? properties, ConfigLevel? inFile)
    {
        var config = _trees[type].LevelsFor(fqn).Aggregate(NodeConfig.Defaults(type), (merged, level) => merged.With(level));
        if (properties is not null)
            config = config.With(OuterKeys(properties)).With(Block(properties.Config));
        return inFile is null ? config : config.With(inFile);
    }

    /// <summary>A value of a property file with its Jinja rendered: a lone expression keeps its type, anything else is a text.</summary>
    public object? Render(YamlNode node, bool projectFile) => YamlValues.Of(node, scalar => Render(scalar, projectFile));

    private object? Render(YamlScalar scalar, bool projectFile)
    {
        if (scalar.Value is DateOnly)
            return scalar.Text;
        if (scalar.Value is not string text || !text.Contains('{', StringComparison.Ordinal))
            return scalar.Value;
        return JinjaErrors.Locate(scalar.File, scalar.Line - 1, () => _environment.Jinja.Parse(text, scalar.File).RenderNative(_contexts.ForYaml(projectFile)));
    }

    private ConfigLevel Block(YamlMapping? block)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (key, value) in block?.Entries ?? [])
            values[key.Text] = Render(value, projectFile: false);
        return new ConfigLevel(values, block?.File ?? "", block?.Line);
    }

    private ConfigLevel OuterKeys(NodeProperties properties)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var key in new[] { "tags", "meta", "docs" })
        {
            if (properties.Outer[key] is { } value)
                values[key] = Render(value, projectFile: false);
        }

        return new ConfigLevel(values, properties.File, properties.Line);
    }
}
