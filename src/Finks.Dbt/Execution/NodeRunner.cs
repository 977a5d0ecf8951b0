using DuckDB.NET.Data;

namespace Finks.Dbt.Execution;

/// <summary>Compiles and runs one node. A failure of the node becomes its result; only cancellation gets out.</summary>
internal sealed class NodeRunner(Manifest manifest, BuildOptions options, RelationCache cache, TimeProvider time)
{
    private readonly TestExecution _tests = new();
    private readonly Dictionary<string, IMaterialization> _materializations = new(StringComparer.Ordinal)
    {
        ["view"] = new ViewMaterialization(),
        ["table"] = new TableMaterialization(),
        ["external"] = new ExternalMaterialization(),
        ["seed"] = new SeedMaterialization(),
    };

    public NodeResult Run(ManifestNode node, DuckDbSession session, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        string? sql = null;
        try
        {
            sql = manifest.Compile(node);
            var result = Run(new NodeRun(node, sql, manifest, options, session, cache));
            return result with { Elapsed = time.GetElapsedTime(start) };
        }
        catch (Exception failed) when (failed is DuckDBException or DbtException or IOException && !cancellation.IsCancellationRequested)
        {
            var message = failed is DbtException ? failed.Message : $"{node.OriginalFilePath}{(node.Line is { } line ? ":" + line : "")}: {failed.Message}";
            return new NodeResult(node, NodeStatus.Error, time.GetElapsedTime(start)) { Message = message, CompiledSql = sql };
        }
    }

    private NodeResult Run(NodeRun run)
    {
        if (run.Node.ResourceType == ResourceType.Test)
            return _tests.Run(run);
        var rows = _materializations[run.Node.Config.Materialized].Build(run);
        var seed = run.Node.ResourceType == ResourceType.Seed;
        return new NodeResult(run.Node, NodeStatus.Success, TimeSpan.Zero)
        {
            Rows = rows,
            Message = seed ? $"INSERT {rows}" : "OK",
            CompiledSql = seed ? null : run.Sql,
        };
    }
}
