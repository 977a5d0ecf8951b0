using Finks.Dbt.Graph;

namespace Finks.Dbt.Selection;

/// <summary>
/// Which nodes a run includes. Criteria in one list, or separated by spaces, add up; joined by commas they must all hold. Tests come along with any
/// node they hang on (dbt's eager indirect selection).
/// </summary>
public sealed class NodeSelector(Manifest manifest)
{
    private readonly DependencyGraph _graph = manifest.Graph;
    private readonly CriterionMatcher _matcher = new(manifest);

    /// <summary>The ids of the models, seeds and tests chosen. An empty <paramref name="select"/> chooses everything.</summary>
    /// <exception cref="DbtException">A criterion is malformed or uses an unsupported method.</exception>
    public IReadOnlySet<string> Select(IReadOnlyList<string> select, IReadOnlyList<string> exclude)
    {
        var chosen = select.Count == 0 ? [.. _graph.Ids] : Union(select);
        chosen.ExceptWith(Union(exclude));
        return chosen.Where(id => manifest.Find(id) is not null).ToHashSet(StringComparer.Ordinal);
    }

    private HashSet<string> Union(IEnumerable<string> specifications)
    {
        var union = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in specifications.SelectMany(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            union.UnionWith(Intersection(part));
        return union;
    }

    private HashSet<string> Intersection(string part) =>
        part.Split(',').Select(text => Expand(SelectionCriterion.Parse(text))).Aggregate((common, next) => [.. common.Where(next.Contains)]);

    private HashSet<string> Expand(SelectionCriterion criterion)
    {
        var matched = _graph.Ids.Where(id => _matcher.Matches(id, criterion)).ToList();
        var chosen = new HashSet<string>(matched, StringComparer.Ordinal);
        foreach (var id in matched)
        {
            if (criterion.ChildrensParents)
            {
                var descendants = _graph.Descendants(id);
                chosen.UnionWith(descendants);
                foreach (var descendant in descendants.Append(id))
                    chosen.UnionWith(_graph.Ancestors(descendant));
            }

            if (criterion.ParentDepth is { } up)
                chosen.UnionWith(_graph.Ancestors(id, up));
            if (criterion.ChildDepth is { } down)
                chosen.UnionWith(_graph.Descendants(id, down));
        }

        foreach (var id in chosen.ToList())
            chosen.UnionWith(_graph.ChildrenOf(id).Where(child => manifest.Find(child) is { ResourceType: ResourceType.Test }));
        return chosen;
    }
}
