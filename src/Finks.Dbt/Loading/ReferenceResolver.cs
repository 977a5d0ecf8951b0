using Finks.Dbt.Configuration;
using Finks.Dbt.Rendering;

namespace Finks.Dbt.Loading;

/// <summary>Turns refs and sources into ids, sets disabled nodes aside, names relations, and refuses what cannot work.</summary>
internal sealed class ReferenceResolver(
    ProjectEnvironment environment, IReadOnlyList<ManifestNode> nodes, IReadOnlyList<SourceDefinition> sources, List<string> warnings)
{
    private readonly RelationNames _names = new(environment);
    private readonly Dictionary<string, ManifestNode> _referable = new(StringComparer.Ordinal);
    private readonly HashSet<string> _sources = [.. sources.Select(source => source.UniqueId)];
    private readonly List<string> _disabled = [];

    public (IReadOnlyList<ManifestNode> Nodes, IReadOnlyList<string> Disabled) Resolve()
    {
        RefuseDoubles();
        foreach (var node in nodes.Where(node => node.ResourceType != ResourceType.Test))
            _referable[node.Name] = node;
        var resolved = new List<ManifestNode>();
        foreach (var node in nodes)
        {
            if (!node.Config.Enabled)
            {
                _disabled.Add(node.UniqueId);
                continue;
            }

            ConfigSupport.Check(node);
            if (Dependencies(node) is { } dependencies)
                resolved.Add(_names.Name(node with { DependsOn = dependencies }));
        }

        RefuseSharedRelations(resolved);
        return (resolved, _disabled);
    }

    /// <summary>The ids a node depends on; null for a test that hangs on a node that is disabled or absent, which dbt leaves out too.</summary>
    private List<string>? Dependencies(ManifestNode node)
    {
        var ids = new List<string>();
        foreach (var call in node.References)
        {
            var target = call.Package is null || call.Package == environment.Settings.Name ? _referable.GetValueOrDefault(call.Name) : null;
            if (target is { Config.Enabled: true })
                ids.Add(target.UniqueId);
            else if (node.ResourceType == ResourceType.Test)
                return LeaveOut(node, target is null ? $"depends on '{call.Name}', which does not exist" : $"depends on '{call.Name}', which is disabled");
            else
                throw new DbtException(
                    target is null
                        ? $"{node.UniqueId} refers to '{call.Name}'{(call.Package is null ? "" : $" of package '{call.Package}'")}, which does not exist; {Nearest(call.Name)}"
                        : $"{node.UniqueId} refers to '{call.Name}', which is disabled; enable it or remove the ref()",
                    node.OriginalFilePath, node.Line);
        }

        foreach (var call in node.SourceReferences)
        {
            var id = $"source.{environment.Settings.Name}.{call.Source}.{call.Table}";
            ids.Add(_sources.Contains(id)
                ? id
                : throw new DbtException(
                    $"{node.UniqueId} reads the source '{call.Source}.{call.Table}', which no property file defines; define it under 'sources:'",
                    node.OriginalFilePath, node.Line));
        }

        return ids;
    }

    private List<string>? LeaveOut(ManifestNode test, string reason)
    {
        _disabled.Add(test.UniqueId);
        warnings.Add($"{test.OriginalFilePath}:{test.Line ?? 1}: test '{test.Name}' {reason}; it does not run");
        return null;
    }

    private void RefuseDoubles()
    {
        foreach (var group in nodes.GroupBy(node => node.UniqueId, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            var last = group.Last();
            throw new DbtException($"'{last.UniqueId}' is defined twice, first in {group.First().OriginalFilePath}; rename or remove one", last.OriginalFilePath, last.Line);
        }

        var names = nodes.Where(node => node.ResourceType != ResourceType.Test).GroupBy(node => node.Name, StringComparer.Ordinal);
        foreach (var group in names.Where(group => group.Count() > 1))
        {
            var (first, last) = (group.First(), group.Last());
            throw new DbtException($"a seed and a model are both named '{group.Key}' (also {first.OriginalFilePath}); rename one", last.OriginalFilePath);
        }
    }

    private static void RefuseSharedRelations(IEnumerable<ManifestNode> resolved)
    {
        var relations = resolved.Where(node => node.Relation is not null).GroupBy(node => node.Relation!.ToString(), StringComparer.OrdinalIgnoreCase);
        foreach (var group in relations.Where(group => group.Count() > 1))
        {
            var (first, last) = (group.First(), group.Last());
            throw new DbtException($"{first.UniqueId} and {last.UniqueId} both build {group.Key}; give one another alias or schema", last.OriginalFilePath);
        }
    }

    private string Nearest(string name)
    {
        var near = _referable.Keys
            .Where(known => known.Contains(name, StringComparison.OrdinalIgnoreCase) || name.Contains(known, StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal)
            .Take(3)
            .ToList();
        return near.Count > 0 ? $"did you mean {string.Join(", ", near)}?" : "add the model or mend the name";
    }
}
