using System.Globalization;
using System.Text.Json;

namespace Finks.Dbt.Tests.Oracles;

/// <summary>What must be equal between the engines, as texts that show the difference when it is not.</summary>
internal static class Comparison
{
    public static void NodesAreEqual(BothEngines both)
    {
        Assert.Equal(
            both.RealManifest.GetProperty("nodes").EnumerateObject().Select(node => Describe(node.Value)).Order(StringComparer.Ordinal),
            both.Manifest.Nodes.Select(Describe).Order(StringComparer.Ordinal));
        Assert.Equal(
            both.RealManifest.GetProperty("sources").EnumerateObject().Select(source => $"{source.Name} {source.Value.GetProperty("relation_name").GetString()}").Order(StringComparer.Ordinal),
            both.Manifest.Sources.Select(source => $"{source.UniqueId} {source.Relation}"));
    }

    public static void ResultsAreEqual(BothEngines both)
    {
        var real = both.RealResults.GetProperty("results").EnumerateArray().Select(DescribeResult).Order(StringComparer.Ordinal);
        Assert.Equal(real, both.Result.Results.Select(Describe).Order(StringComparer.Ordinal));
    }

    public static void CompiledSqlIsEqual(BothEngines both)
    {
        var compared = 0;
        foreach (var result in both.RealResults.GetProperty("results").EnumerateArray())
        {
            if (result.GetProperty("compiled_code").GetString() is not { } code)
                continue;
            Assert.Equal(code, both.Manifest.Compile(result.GetProperty("unique_id").GetString()!));
            compared++;
        }

        Assert.True(compared > 0, "the real engine compiled nothing");
    }

    public static void RelationsAreEqual(BothEngines both)
    {
        using var databases = both.OpenBoth();
        const string Relations = "select schema_name || '.' || table_name || ' table' from duckdb_tables() where database_name = '{0}' union all select schema_name || '.' || view_name || ' view' from duckdb_views() where database_name = '{0}' and not internal order by 1";
        var real = databases.AskList(string.Format(CultureInfo.InvariantCulture, Relations, "real"));
        Assert.Equal(real, databases.AskList(string.Format(CultureInfo.InvariantCulture, Relations, "ours")));
        Assert.NotEmpty(real);
        foreach (var name in both.Manifest.Nodes.Where(node => both.Result.Results.Any(result => result.Node.UniqueId == node.UniqueId && result.Status == NodeStatus.Success)).Select(node => $"\"{node.Schema}\".\"{node.Alias}\""))
            TablesAreEqual(databases, both, name);
    }

    private static void TablesAreEqual(DuckDB.NET.Data.DuckDBConnection databases, BothEngines both, string name)
    {
        // A view names its database by the name it was made under, so each side is read under that name.
        both.Export(name);
        var described = new[] { "real", "ours" }.Select(side => databases.AskList($"select column_name || ' ' || column_type from (describe select * from '{both.ScratchFile(side)}')")).ToList();
        Assert.Equal(described[0], described[1]);
        Assert.Equal(0L, databases.Ask($"select count(*) from ((from '{both.ScratchFile("real")}' except all from '{both.ScratchFile("ours")}') union all (from '{both.ScratchFile("ours")}' except all from '{both.ScratchFile("real")}'))"));
    }

    private static string Describe(JsonElement node)
    {
        var test = node.GetProperty("resource_type").GetString() == "test";
        var parents = node.GetProperty("depends_on").TryGetProperty("nodes", out var ids) ? ids.EnumerateArray().Select(id => id.GetString()!) : [];
        var relation = test ? "" : node.GetProperty("relation_name").GetString();
        var tags = string.Join(',', node.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()).Order(StringComparer.Ordinal));
        return Line(
            node.GetProperty("unique_id").GetString()!, string.Join('.', node.GetProperty("fqn").EnumerateArray().Select(step => step.GetString())), node.GetProperty("original_file_path").GetString()!,
            node.GetProperty("alias").GetString()!, relation ?? "", node.GetProperty("config").GetProperty("materialized").GetString()!, tags, node.GetProperty("description").GetString()!, parents);
    }

    private static string Describe(ManifestNode node) => Line(
        node.UniqueId, string.Join('.', node.Fqn), node.OriginalFilePath, node.Alias, node.Relation?.ToString() ?? "", node.Config.Materialized,
        string.Join(',', node.Tags.Order(StringComparer.Ordinal)), node.Description, node.DependsOn);

    private static string Line(string id, string fqn, string file, string alias, string relation, string materialized, string tags, string description, IEnumerable<string> parents) =>
        $"{id} fqn={fqn} file={file} alias={alias} relation={relation} materialized={materialized} tags={tags} description={description} parents={string.Join(',', parents.Distinct().Order(StringComparer.Ordinal))}";

    private static string Describe(NodeResult result) => $"{result.Node.UniqueId} {Word(result.Status)} failures={result.Failures}{Said(result.Node.ResourceType == ResourceType.Test && result.Status is NodeStatus.Fail or NodeStatus.Warn, result.Message)}";

    private static string DescribeResult(JsonElement result)
    {
        var status = result.GetProperty("status").GetString()!;
        var failures = result.GetProperty("failures");
        return $"{result.GetProperty("unique_id").GetString()} {status} failures={(failures.ValueKind == JsonValueKind.Number ? failures.GetInt64().ToString(CultureInfo.InvariantCulture) : "")}{Said(status is "fail" or "warn", result.GetProperty("message").GetString())}";
    }

    private static string Said(bool speaks, string? message) => speaks ? " " + message : "";

    private static string Word(NodeStatus status) => status.ToString().ToLowerInvariant();
}
