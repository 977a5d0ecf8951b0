using Finks.Jinja;

namespace Finks.Dbt.Rendering;

/// <summary>What differs between dbt's two renderings of a node: the first, which finds out what it depends on, and the one that makes its SQL.</summary>
internal interface INodeScope
{
    /// <summary>False while parsing.</summary>
    bool Execute { get; }
    Relation This { get; }

    /// <summary>The node as the dict models see as <c>model</c>.</summary>
    PyDict Model { get; }
    Relation Ref(ReferenceCall call);
    Relation Source(SourceCall call);

    /// <summary>A call of <c>config(...)</c>.</summary>
    void Configure(IReadOnlyDictionary<string, object?> values);
    object? ConfigValue(string key, object? otherwise, bool required);
    object? Variable(string name, bool hasDefault, object? otherwise);
}
