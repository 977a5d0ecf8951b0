using System.Globalization;
using DuckDB.NET.Data;
using Finks.Contracts;
using Finks.Dbt;

namespace Finks.Pipelines.Gold;

/// <summary>A Silver table behind a Gold row.</summary>
/// <param name="Key">Values that its columns have for that row.</param>
/// <param name="Condition">Further SQL from the model's <c>meta: trace</c>, in which <c>$name</c> is a value of the Gold row's key; empty for none.</param>
public sealed record LineageSource(string Dataset, IReadOnlyList<KeyValuePair<string, string>> Key, string Condition);

/// <summary>
/// Says which Silver rows a Gold row comes from: those of the model's sources that agree with its key in the columns that both have,
/// or those that the model's <c>meta: trace</c> names.
/// </summary>
public sealed class GoldLineage(Workspace workspace)
{
    /// <summary>The sources of a mart's row, and views of the project's seeds for their conditions.</summary>
    public IReadOnlyList<LineageSource> SourcesOf(string mart, IReadOnlyList<KeyValuePair<string, string>> key, DuckDBConnection connection)
    {
        var manifest = EmbeddedProject.Load(workspace.Options.DbtProject);
        var node = manifest.Nodes.FirstOrDefault(n => n.ResourceType == ResourceType.Model && n.Name == mart)
            ?? throw new DbtException($"the project in {workspace.Options.DbtProject} has no model '{mart}', so its rows cannot be traced");
        var sources = Ancestors(manifest, node.UniqueId).Select(manifest.FindSource).OfType<SourceDefinition>().Select(s => s.Name).Order(StringComparer.Ordinal).ToList();
        var trace = ModelMeta.Of(node).Map("trace");
        if (trace.Count == 0)
            return [.. sources.Select(source => new LineageSource(source, Shared(workspace.Contracts.Get(source), key), "")).Where(s => s.Key.Count > 0)];
        ShowSeeds(manifest, connection);
        return [.. trace.Select(t => new LineageSource(t.Key, [], t.Value))];
    }

    private static IReadOnlyList<KeyValuePair<string, string>> Shared(Contract contract, IReadOnlyList<KeyValuePair<string, string>> key) =>
        [.. key.Where(k => contract.Columns.Any(c => c.Name == k.Key))];

    private static HashSet<string> Ancestors(Manifest manifest, string uniqueId)
    {
        var found = new HashSet<string>();
        var waiting = new Stack<string>([uniqueId]);
        while (waiting.TryPop(out var next))
        {
            foreach (var parent in manifest.Neighbours(next).Parents.Where(found.Add))
                waiting.Push(parent);
        }

        return found;
    }

    private void ShowSeeds(Manifest manifest, DuckDBConnection connection)
    {
        foreach (var seed in manifest.Nodes.Where(n => n.ResourceType == ResourceType.Seed))
        {
            var file = Path.Combine(workspace.Options.DbtProject, seed.OriginalFilePath).Replace("'", "''", StringComparison.Ordinal);
            using var command = connection.CreateCommand();
            command.CommandText = string.Create(CultureInfo.InvariantCulture, $"create or replace temp view \"{seed.Name}\" as select * from read_csv('{file}', all_varchar = true)");
            command.ExecuteNonQuery();
        }
    }
}
