using Finks.Dbt.Project;

namespace Finks.Dbt.Loading;

/// <summary>Property-file entries by the node they describe. One node may be described once.</summary>
internal sealed class PropertyIndex
{
    private readonly Dictionary<(ResourceType Type, string Name), NodeProperties> _entries = [];
    private readonly List<string> _warnings;

    public PropertyIndex(IEnumerable<PropertyFile> files, List<string> warnings)
    {
        _warnings = warnings;
        foreach (var file in files)
        {
            Add(ResourceType.Model, file.Models);
            Add(ResourceType.Seed, file.Seeds);
            Add(ResourceType.Test, file.DataTests);
        }
    }

    /// <summary>The entry of a node, which then counts as used.</summary>
    public NodeProperties? Take(ResourceType type, string name) => _entries.Remove((type, name), out var entry) ? entry : null;

    public void WarnOfUnused()
    {
        foreach (var ((type, name), entry) in _entries)
            _warnings.Add($"{entry.File}:{entry.Line}: the project has no {type.DbtName()} '{name}'; the entry has no effect");
    }

    private void Add(ResourceType type, IEnumerable<NodeProperties> entries)
    {
        foreach (var entry in entries)
        {
            if (_entries.TryGetValue((type, entry.Name), out var first))
                throw entry.Source.Error($"the {type.DbtName()} '{entry.Name}' is described twice, first in {first.File}:{first.Line}; keep one entry");
            _entries[(type, entry.Name)] = entry;
        }
    }
}
