using Finks.Dbt.Graph;
using Finks.Dbt.Rendering;

namespace Finks.Dbt;

/// <summary>A parsed project: its nodes, its sources and who depends on whom. Immutable; it may be used from several threads.</summary>
public sealed class Manifest
{
    private readonly Dictionary<string, ManifestNode> _nodes;
    private readonly Dictionary<string, SourceDefinition> _sources;
    private readonly Dictionary<string, ManifestNode> _referable;
    private readonly NodeCompiler _compiler;

    internal Manifest(
        ProjectEnvironment environment,
        string folder,
        IEnumerable<ManifestNode> nodes,
        IEnumerable<SourceDefinition> sources,
        IReadOnlyList<string> disabled,
        IReadOnlyList<string> warnings)
    {
        Environment = environment;
        Folder = folder;
        Nodes = [.. nodes.OrderBy(node => node.UniqueId, StringComparer.Ordinal)];
        Sources = [.. sources.OrderBy(source => source.UniqueId, StringComparer.Ordinal)];
        Disabled = disabled;
        Warnings = warnings;
        _nodes = Nodes.ToDictionary(node => node.UniqueId, StringComparer.Ordinal);
        _sources = Sources.ToDictionary(source => source.UniqueId, StringComparer.Ordinal);
        _referable = Nodes.Where(node => node.ResourceType != ResourceType.Test).ToDictionary(node => node.Name, StringComparer.Ordinal);
        _compiler = new NodeCompiler(environment, this);
        Graph = BuildGraph();
    }

    public string ProjectName => Environment.Settings.Name;

    /// <summary>The project folder, absolute.</summary>
    public string Folder { get; }

    /// <summary>Models, seeds and tests by unique id.</summary>
    public IReadOnlyList<ManifestNode> Nodes { get; }
    public IReadOnlyList<SourceDefinition> Sources { get; }

    /// <summary>Unique ids of nodes with <c>enabled: false</c>, and of the tests that hang on them.</summary>
    public IReadOnlyList<string> Disabled { get; }

    /// <summary>What dbt would warn of while parsing, e.g. properties for a model that does not exist.</summary>
    public IReadOnlyList<string> Warnings { get; }

    public DbtTarget Target => Environment.Options.Target;

    internal ProjectEnvironment Environment { get; }
    internal DependencyGraph Graph { get; }

    /// <exception cref="DbtException">The project has no such node.</exception>
    public ManifestNode this[string uniqueId] => Find(uniqueId) ?? throw new DbtException($"the project has no node '{uniqueId}'");

    public ManifestNode? Find(string uniqueId) => _nodes.GetValueOrDefault(uniqueId);

    public SourceDefinition? FindSource(string uniqueId) => _sources.GetValueOrDefault(uniqueId);

    /// <summary>The node's SQL with all Jinja resolved, as dbt writes it to <c>target/compiled</c>. A seed has none.</summary>
    /// <exception cref="DbtException">The node's Jinja fails; the message names file and line.</exception>
    public string Compile(ManifestNode node) => _compiler.Compile(node);

    public string Compile(string uniqueId) => Compile(this[uniqueId]);

    /// <summary>Unique ids of nodes and sources directly below and above a node.</summary>
    public (IReadOnlyCollection<string> Parents, IReadOnlyCollection<string> Children) Neighbours(string uniqueId) =>
        (Graph.ParentsOf(uniqueId), Graph.ChildrenOf(uniqueId));

    internal ManifestNode? Resolve(ReferenceCall call) =>
        call.Package is null || call.Package == ProjectName ? _referable.GetValueOrDefault(call.Name) : null;

    internal SourceDefinition? Resolve(SourceCall call) => FindSource($"source.{ProjectName}.{call.Source}.{call.Table}");

    private DependencyGraph BuildGraph()
    {
        var graph = new DependencyGraph();
        foreach (var source in Sources)
            graph.AddNode(source.UniqueId);
        foreach (var node in Nodes)
        {
            graph.AddNode(node.UniqueId);
            foreach (var parent in node.DependsOn)
                graph.AddEdge(parent, node.UniqueId);
        }

        graph.Order();
        return graph;
    }
}
