using Finks.Jinja;

namespace Finks.Dbt.Rendering;

/// <summary>
/// The first rendering of a node: records refs, sources and configs. A <c>ref()</c> prints the node's own relation, <c>config.get()</c> is
/// always empty, and a missing variable is None (<c>core/context/providers.py</c>).
/// </summary>
internal sealed class ParseScope(ProjectEnvironment environment, Relation self, PyDict model) : INodeScope
{
    private readonly Dictionary<string, object?> _configured = new(StringComparer.Ordinal);
    private readonly List<ReferenceCall> _references = [];
    private readonly List<SourceCall> _sources = [];

    public bool Execute => false;
    public Relation This => self;
    public PyDict Model => model;
    public IReadOnlyDictionary<string, object?> Configured => _configured;
    public IReadOnlyList<ReferenceCall> References => _references;
    public IReadOnlyList<SourceCall> Sources => _sources;

    public Relation Ref(ReferenceCall call)
    {
        if (!_references.Contains(call))
            _references.Add(call);
        return self;
    }

    public Relation Source(SourceCall call)
    {
        if (!_sources.Contains(call))
            _sources.Add(call);
        return self;
    }

    public void Configure(IReadOnlyDictionary<string, object?> values)
    {
        foreach (var (key, value) in values)
            _configured[key] = value;
    }

    public object? ConfigValue(string key, object? otherwise, bool required) => "";

    public object? Variable(string name, bool hasDefault, object? otherwise) =>
        environment.Variables.TryGet(name, out var value) ? value : hasDefault ? otherwise : null;
}
