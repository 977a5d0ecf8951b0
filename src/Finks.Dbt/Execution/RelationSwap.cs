namespace Finks.Dbt.Execution;

/// <summary>
/// Puts a new relation in an old one's place as dbt does: build under another name, rename the old one away, rename the new one in, commit, drop
/// the old one. Readers see the old relation or the new, never neither.
/// </summary>
internal sealed class RelationSwap(NodeRun run)
{
    public Relation Temporary { get; } = run.Relation with { Identifier = run.Relation.Identifier + "__dbt_tmp" };
    public Relation Backup { get; } = run.Relation with { Identifier = run.Relation.Identifier + "__dbt_backup" };

    /// <summary>A run that was killed may have left these behind.</summary>
    public void DropLeftovers()
    {
        Drop(Temporary);
        Drop(Backup);
    }

    /// <summary>Within the transaction that built <paramref name="built"/>.</summary>
    public void PutInPlace(Relation built, RelationType type)
    {
        if (run.Cache.TypeOf(run.Relation) is { } old)
            Rename(run.Relation, Backup, old);
        Rename(built, run.Relation, type);
    }

    /// <summary>After the commit.</summary>
    public void Finish(RelationType type)
    {
        if (run.Cache.TypeOf(run.Relation) is { } old)
            run.Cache.Set(Backup, old);
        run.Cache.Set(run.Relation, type);
        Drop(Backup);
    }

    public void Drop(Relation relation)
    {
        if (run.Cache.TypeOf(relation) is not { } type)
            return;
        run.Session.Execute($"drop {Word(type)} if exists {relation} cascade");
        run.Cache.Remove(relation);
    }

    private void Rename(Relation from, Relation to, RelationType type) =>
        run.Session.Execute($"alter {Word(type)} {from} rename to {Relation.Quote(to.Identifier)}");

    private static string Word(RelationType type) => type == RelationType.View ? "view" : "table";
}
