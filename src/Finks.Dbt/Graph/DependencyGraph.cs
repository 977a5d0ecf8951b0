namespace Finks.Dbt.Graph;

/// <summary>Who depends on whom. Ids are in ordinal order wherever an order shows.</summary>
internal sealed class DependencyGraph
{
    private readonly SortedDictionary<string, SortedSet<string>> _parents = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SortedSet<string>> _children = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Ids => _parents.Keys;

    public void AddNode(string id)
    {
        _parents.TryAdd(id, new SortedSet<string>(StringComparer.Ordinal));
        _children.TryAdd(id, new SortedSet<string>(StringComparer.Ordinal));
    }

    public void AddEdge(string parent, string child)
    {
        AddNode(parent);
        AddNode(child);
        _parents[child].Add(parent);
        _children[parent].Add(child);
    }

    public bool Contains(string id) => _parents.ContainsKey(id);

    public IReadOnlyCollection<string> ParentsOf(string id) => _parents[id];

    public IReadOnlyCollection<string> ChildrenOf(string id) => _children[id];

    /// <summary>All nodes before <paramref name="id"/>, at most <paramref name="depth"/> steps away; the node itself is not among them.</summary>
    public HashSet<string> Ancestors(string id, int? depth = null) => Walk(id, ParentsOf, depth);

    public HashSet<string> Descendants(string id, int? depth = null) => Walk(id, ChildrenOf, depth);

    /// <summary>Parents before children; among nodes that may go next, the smallest id. Throws where the nodes form a circle.</summary>
    public IReadOnlyList<string> Order()
    {
        var waiting = _parents.ToDictionary(entry => entry.Key, entry => entry.Value.Count, StringComparer.Ordinal);
        var ready = new SortedSet<string>(waiting.Where(entry => entry.Value == 0).Select(entry => entry.Key), StringComparer.Ordinal);
        var order = new List<string>(waiting.Count);
        while (ready.Min is { } next)
        {
            ready.Remove(next);
            order.Add(next);
            foreach (var child in ChildrenOf(next))
            {
                if (--waiting[child] == 0)
                    ready.Add(child);
            }
        }

        return order.Count == waiting.Count
            ? order
            : throw new DbtException($"the nodes depend on each other in a circle: {string.Join(" --> ", Circle([.. waiting.Keys.Except(order)]))}");
    }

    /// <summary>The graph of the chosen nodes alone; a path through nodes that are not chosen stays as one edge.</summary>
    public DependencyGraph Subset(IReadOnlySet<string> chosen)
    {
        var subset = new DependencyGraph();
        foreach (var id in Ids.Where(chosen.Contains))
        {
            subset.AddNode(id);
            foreach (var parent in NearestChosen(id, chosen))
                subset.AddEdge(parent, id);
        }

        return subset;
    }

    private IEnumerable<string> NearestChosen(string id, IReadOnlySet<string> chosen)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(ParentsOf(id));
        while (open.TryPop(out var parent))
        {
            if (!seen.Add(parent))
                continue;
            if (chosen.Contains(parent))
            {
                yield return parent;
                continue;
            }

            foreach (var further in ParentsOf(parent))
                open.Push(further);
        }
    }

    private static HashSet<string> Walk(string start, Func<string, IEnumerable<string>> step, int? depth)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var edge = new List<string> { start };
        for (var level = 0; edge.Count > 0 && (depth is null || level < depth); level++)
            edge = [.. edge.SelectMany(step).Where(found.Add)];
        return found;
    }

    private IEnumerable<string> Circle(HashSet<string> stuck)
    {
        // Every stuck node has a stuck parent, so walking up must meet a node twice.
        var path = new List<string>();
        for (var id = stuck.Min(StringComparer.Ordinal)!; ; id = ParentsOf(id).First(stuck.Contains))
        {
            var first = path.IndexOf(id);
            path.Add(id);
            if (first >= 0)
                return path[first..].AsEnumerable().Reverse();
        }
    }
}
