using Finks.Jinja;

namespace Finks.Dbt.Execution;

/// <summary>
/// dbt-duckdb's <c>external</c>: writes a Parquet file and makes a view that reads it. An empty result is written as one row of NULLs that the view
/// leaves out. A relative location is below the project folder; the view holds the absolute path, so readers with another working folder find it.
/// </summary>
internal sealed class ExternalMaterialization : IMaterialization
{
    public long? Build(NodeRun run)
    {
        var location = Location(run);
        var options = WriteOptions(run);
        var swap = new RelationSwap(run);
        var view = run.Relation with { Identifier = run.Relation.Identifier + "__dbt_int" };
        swap.Drop(view);
        swap.DropLeftovers();
        var rows = run.Session.InTransaction(() =>
        {
            run.Session.Execute($"create table {swap.Temporary} as (\n{run.Sql}\n);");
            var count = run.Session.Count($"select count(*) from {swap.Temporary}");
            var columns = run.Session.Query($"select column_name from (describe {swap.Temporary})", int.MaxValue).Rows.Select(row => (string)row[0]!).ToList();
            if (count == 0)
                run.Session.Execute($"insert into {swap.Temporary} values ({string.Join(", ", columns.Select(_ => "NULL"))})");
            run.Session.Execute($"copy {swap.Temporary} to {SqlText.Literal(location)} ({options})");
            var filter = count > 0 ? "" : " where 1" + string.Concat(columns.Select(column => $" AND {Relation.Quote(column)} is not NULL"));
            run.Session.Execute($"create or replace view {view} as (select * from read_parquet({SqlText.Literal(location)}{ReadOptions(run)}){filter});");
            swap.PutInPlace(view, RelationType.View);
            return count;
        });
        run.Cache.Set(swap.Temporary, RelationType.Table);
        swap.Finish(RelationType.View);
        swap.Drop(swap.Temporary);
        return rows;
    }

    private static string Location(NodeRun run)
    {
        var location = run.Node.Config.Text("location") ?? $"{run.Manifest.Target.ExternalRoot}/{run.Relation.Identifier}.parquet";
        return location.Contains("://", StringComparison.Ordinal) ? location : Path.GetFullPath(location, run.Manifest.Folder);
    }

    private static string WriteOptions(NodeRun run)
    {
        var options = new List<string>();
        if (run.Node.Config.TryGet("options", out var given) && given is PyDict dict)
            options.AddRange(dict.Select(option => $"{PyValue.Str(option.Key)} {PyValue.Str(option.Value)}"));
        if (!options.Exists(option => option.StartsWith("format ", StringComparison.OrdinalIgnoreCase)))
            options.Add("format parquet");
        return string.Join(", ", options);
    }

    private static string ReadOptions(NodeRun run)
    {
        if (!run.Node.Config.TryGet("parquet_read_options", out var given) || given is not PyDict options)
            return ", union_by_name=False";
        static string Text(object? value) => value is string text ? SqlText.Literal(text) : PyValue.Str(value);
        return string.Concat(options.Select(option => $", {PyValue.Str(option.Key)}={Text(option.Value)}"));
    }
}
