using Finks.Dbt.Graph;

namespace Finks.Dbt.Execution;

/// <summary>
/// Hands out nodes to workers: a node is ready when everything before it has a result; among ready ones the first of the build order goes first.
/// What comes after a failure is never handed out but skipped.
/// </summary>
internal sealed class BuildSchedule
{
    private readonly object _turn = new();
    private readonly Manifest _manifest;
    private readonly DependencyGraph _graph;
    private readonly bool _failFast;
    private readonly IProgress<NodeResult>? _progress;
    private readonly IReadOnlyList<string> _order;
    private readonly Dictionary<string, int> _rank;
    private readonly Dictionary<string, int> _waiting;
    private readonly SortedSet<int> _ready = [];
    private readonly Dictionary<string, NodeResult> _results = new(StringComparer.Ordinal);
    private bool _stopped;

    public BuildSchedule(Manifest manifest, DependencyGraph graph, bool failFast, IProgress<NodeResult>? progress)
    {
        (_manifest, _graph, _failFast, _progress) = (manifest, graph, failFast, progress);
        _order = graph.Order();
        _rank = _order.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        _waiting = _order.ToDictionary(id => id, id => graph.ParentsOf(id).Count, StringComparer.Ordinal);
        _ready.UnionWith(_order.Where(id => _waiting[id] == 0).Select(id => _rank[id]));
    }

    public IReadOnlyList<NodeResult> Results => [.. _order.Select(id => _results[id])];

    /// <summary>The next node, waiting until one is ready; null when there is nothing more to do.</summary>
    public ManifestNode? Take()
    {
        lock (_turn)
        {
            while (_results.Count < _order.Count && !_stopped)
            {
                if (_ready.Count == 0)
                {
                    Monitor.Wait(_turn);
                    continue;
                }

                var rank = _ready.Min;
                _ready.Remove(rank);
                return _manifest[_order[rank]];
            }

            return null;
        }
    }

    public void Complete(NodeResult result)
    {
        lock (_turn)
        {
            Record(result);
            if (_failFast && result.Blocks)
                SkipAllThatWait();
            Monitor.PulseAll(_turn);
        }
    }

    /// <summary>Lets every worker go: the run was cancelled or broke.</summary>
    public void Stop()
    {
        lock (_turn)
        {
            _stopped = true;
            Monitor.PulseAll(_turn);
        }
    }

    private void Record(NodeResult result)
    {
        if (!_results.TryAdd(result.Node.UniqueId, result))
            return;
        _progress?.Report(result);
        foreach (var child in _graph.ChildrenOf(result.Node.UniqueId))
        {
            if (--_waiting[child] > 0 || _results.ContainsKey(child))
                continue;
            if (_graph.ParentsOf(child).Select(parent => _results[parent]).FirstOrDefault(parent => parent.Blocks) is { } blocker)
                Record(Skip(child, $"skipped because {blocker.Node.UniqueId} {Word(blocker.Status)}"));
            else
                _ready.Add(_rank[child]);
        }
    }

    private void SkipAllThatWait()
    {
        // Only what is ready or waits for others; what runs now reports for itself.
        var running = _order.Where(id => !_results.ContainsKey(id) && _waiting[id] == 0 && !_ready.Contains(_rank[id])).ToHashSet(StringComparer.Ordinal);
        _ready.Clear();
        foreach (var id in _order.Where(id => !_results.ContainsKey(id) && !running.Contains(id)).ToList())
            Record(Skip(id, "skipped because the run stops at the first failure"));
    }

    private NodeResult Skip(string id, string reason) => new(_manifest[id], NodeStatus.Skipped, TimeSpan.Zero) { Message = reason };

    private static string Word(NodeStatus status) => status switch
    {
        NodeStatus.Skipped => "was skipped",
        NodeStatus.Fail => "failed",
        _ => "could not be run",
    };
}
