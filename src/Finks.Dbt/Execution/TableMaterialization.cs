namespace Finks.Dbt.Execution;

/// <summary>A table, built anew each time; names and types are what DuckDB infers from the SQL.</summary>
internal sealed class TableMaterialization : IMaterialization
{
    public long? Build(NodeRun run)
    {
        var swap = new RelationSwap(run);
        swap.DropLeftovers();
        var rows = run.Session.InTransaction(() =>
        {
            run.Session.Execute($"create table {swap.Temporary} as (\n{run.Sql}\n);");
            var written = run.Session.Count($"select count(*) from {swap.Temporary}");
            swap.PutInPlace(swap.Temporary, RelationType.Table);
            return written;
        });
        swap.Finish(RelationType.Table);
        return rows;
    }
}
