namespace Finks.Dbt.Graph;

/// <summary>
/// In a build, the tests of a node run before what is downstream of it: a test gets an edge to every node that is downstream of all the test's
/// parents (<c>core/compilation.py</c>, <c>add_test_edges</c>).
/// </summary>
internal static class TestEdges
{
    public static DependencyGraph Build(Manifest manifest)
    {
        var plain = manifest.Graph;
        var graph = new DependencyGraph();
        foreach (var id in plain.Ids)
        {
            graph.AddNode(id);
            foreach (var parent in plain.ParentsOf(id))
                graph.AddEdge(parent, id);
        }

        foreach (var test in manifest.Nodes.Where(node => node.ResourceType == ResourceType.Test))
        {
            foreach (var child in Downstream(plain, test).Where(child => manifest.Find(child) is { ResourceType: not ResourceType.Test }))
                graph.AddEdge(test.UniqueId, child);
        }

        return graph;
    }

    private static IEnumerable<string> Downstream(DependencyGraph graph, ManifestNode test)
    {
        var parents = test.DependsOn;
        if (parents.Count == 0)
            return [];
        // What is further down waits for the children, so one parent's children are enough.
        if (parents.Count == 1)
            return graph.ChildrenOf(parents[0]);
        return parents.Select(parent => graph.Descendants(parent)).Aggregate((common, next) => [.. common.Where(next.Contains)]);
    }
}
