using System.Text;
using Finks.Dbt.Seeds;
using Finks.Jinja;

namespace Finks.Dbt.Execution;

/// <summary>
/// Loads a seed: the types are dbt's guesses or the config <c>column_types</c>, the rows come in by DuckDB's COPY. A table that exists is emptied and
/// filled again with its types kept, unless the run is a full refresh.
/// </summary>
internal sealed class SeedMaterialization : IMaterialization
{
    public long? Build(NodeRun run)
    {
        var path = Path.Combine(run.Manifest.Folder, run.Node.OriginalFilePath);
        var delimiter = run.Node.Config.Text("delimiter") ?? ",";
        if (delimiter.Length != 1)
            throw new DbtException($"the seed's delimiter '{delimiter}' must be one character", run.Node.OriginalFilePath);
        using var reader = new StreamReader(path, Encoding.UTF8);
        var table = CsvTable.Read(reader, delimiter[0]);
        if (table.Columns.Count == 0)
            throw new DbtException("the seed is empty; its first line must name the columns", run.Node.OriginalFilePath);
        var swap = new RelationSwap(run);
        var old = run.Cache.TypeOf(run.Relation);
        if (old == RelationType.View)
            throw new DbtException($"{run.Relation} is a view; drop it, then the seed can be loaded", run.Node.OriginalFilePath);
        if (old is not null && (run.Options.FullRefresh || run.Node.Config.Flag("full_refresh", false)))
        {
            swap.Drop(run.Relation);
            old = null;
        }

        run.Session.InTransaction(() =>
        {
            run.Session.Execute(old is null ? Create(run, table) : $"truncate table {run.Relation}");
            run.Session.Execute($"COPY {run.Relation} FROM {SqlText.Literal(path)} (FORMAT CSV, HEADER TRUE, DELIMITER {SqlText.Literal(delimiter)})");
            return true;
        });
        run.Cache.Set(run.Relation, RelationType.Table);
        return table.Rows.Count;
    }

    private static string Create(NodeRun run, CsvTable table)
    {
        var given = run.Node.Config.TryGet("column_types", out var types) ? types as PyDict : null;
        var quote = run.Node.Config.Flag("quote_columns", true);
        var columns = table.Columns.Select((name, i) =>
        {
            var type = given is not null && given.TryGetValue(name, out var stated)
                ? PyValue.Str(stated)
                : SeedTypes.Guess(table.Rows.Select(row => i < row.Count ? row[i] : ""));
            return $"{(quote ? Relation.Quote(name) : name)} {type}";
        });
        return $"create table {run.Relation} ({string.Join(",", columns)})";
    }
}
