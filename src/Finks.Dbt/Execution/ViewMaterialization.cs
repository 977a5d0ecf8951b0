namespace Finks.Dbt.Execution;

/// <summary>A view. The closing parenthesis stands on a line of its own, so that SQL may end in a comment; a trailing semicolon fails as in dbt.</summary>
internal sealed class ViewMaterialization : IMaterialization
{
    public long? Build(NodeRun run)
    {
        var swap = new RelationSwap(run);
        swap.DropLeftovers();
        run.Session.InTransaction(() =>
        {
            run.Session.Execute($"create view {swap.Temporary} as (\n{run.Sql}\n);");
            swap.PutInPlace(swap.Temporary, RelationType.View);
            return true;
        });
        swap.Finish(RelationType.View);
        return null;
    }
}
