using Finks.Jinja;

namespace Finks.Dbt.Rendering;

/// <summary>The second rendering of a node, which makes its SQL: refs and sources print the real relations.</summary>
internal sealed class RunScope(ProjectEnvironment environment, Manifest manifest, ManifestNode node) : INodeScope
{
    private readonly Lazy<PyDict> _model = new(() => NodeDict.Of(node));

    public bool Execute => true;
    public Relation This => new(node.Database, node.Schema, node.Alias);
    public PyDict Model => _model.Value;

    public Relation Ref(ReferenceCall call)
    {
        var target = manifest.Resolve(call) ?? throw CompilationError.Because($"{node.UniqueId} refers to '{call.Name}', which is no enabled model or seed");
        if (!node.DependsOn.Contains(target.UniqueId))
            throw NotInferred($"ref('{call.Name}')", $"ref('{call.Name}')");
        return target.Relation!;
    }

    public Relation Source(SourceCall call)
    {
        var target = manifest.Resolve(call) ?? throw CompilationError.Because($"{node.UniqueId} reads the source '{call.Source}.{call.Table}', which no property file defines");
        if (!node.DependsOn.Contains(target.UniqueId))
            throw NotInferred($"source('{call.Source}', '{call.Table}')", $"source('{call.Source}', '{call.Table}')");
        return target.Relation;
    }

    public void Configure(IReadOnlyDictionary<string, object?> values)
    {
        // The first rendering has recorded them.
    }

    public object? ConfigValue(string key, object? otherwise, bool required)
    {
        if (node.Config.TryGet(key, out var value))
            return value;
        return required ? throw CompilationError.Because($"{node.UniqueId} requires the config '{key}', which is not set; add config({key}=...)") : otherwise;
    }

    public object? Variable(string name, bool hasDefault, object? otherwise)
    {
        if (environment.Variables.TryGet(name, out var value))
            return value;
        if (hasDefault)
            return otherwise;
        var known = string.Join(", ", environment.Variables.Names.Order(StringComparer.Ordinal));
        throw CompilationError.Because($"the required var '{name}' is not set (set: {(known.Length > 0 ? known : "none")}); add it to 'vars' of dbt_project.yml or give it a default");
    }

    private PyError NotInferred(string call, string hint) =>
        CompilationError.Because($"{node.UniqueId} calls {call} only when it runs, so the order of models cannot be inferred; add the comment '-- depends_on: {{{{ {hint} }}}}' to the file");
}
