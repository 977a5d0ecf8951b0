namespace Finks.Dbt.Execution;

/// <summary>Everything a materialization needs to build one node.</summary>
internal sealed record NodeRun(ManifestNode Node, string Sql, Manifest Manifest, BuildOptions Options, DuckDbSession Session, RelationCache Cache)
{
    public Relation Relation => Node.Relation!;
}

/// <summary>A way of turning a node into a relation.</summary>
internal interface IMaterialization
{
    /// <summary>Builds the relation; the rows it holds, or null where that is not known.</summary>
    long? Build(NodeRun run);
}
