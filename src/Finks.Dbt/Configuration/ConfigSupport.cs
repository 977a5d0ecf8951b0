using System.Globalization;
using Finks.Jinja;

namespace Finks.Dbt.Configuration;

/// <summary>Refuses configs whose effect this engine does not have. A config dbt itself does not know stays, as in dbt, readable by <c>config.get()</c>.</summary>
internal static class ConfigSupport
{
    private static readonly string[] Hooks = ["pre-hook", "post-hook", "sql_header", "indexes", "persist_docs", "quoting", "sorted_by", "group", "batch_size", "event_time", "plugin", "glue_register"];

    public static void Check(ManifestNode node)
    {
        foreach (var key in Hooks)
        {
            if (node.Config.TryGet(key, out var value) && !IsEmpty(value))
                throw Unsupported(node, $"the config '{key}'", "remove it");
        }

        if (node.Config.TryGet("contract", out var contract) && contract is PyDict terms && terms.TryGetValue("enforced", out var enforced) && enforced is true)
            throw Unsupported(node, "the config 'contract: {enforced: true}'", "remove it, or test the columns");
        switch (node.ResourceType)
        {
            case ResourceType.Model when node.Config.Materialized is not ("view" or "table" or "external"):
                throw Unsupported(node, $"the materialization '{node.Config.Materialized}'", "use view, table or external");
            case ResourceType.Seed when node.Config.TryGet("fast", out var fast) && fast is false:
                throw Unsupported(node, "the seed config 'fast: false'", "remove it; rows are then loaded by DuckDB's COPY");
            case ResourceType.Test:
                CheckTest(node);
                break;
        }
    }

    private static void CheckTest(ManifestNode node)
    {
        if (node.Config.Flag("store_failures", false) || node.Config.Text("store_failures_as") is not (null or "ephemeral"))
            throw Unsupported(node, "the test config 'store_failures'", "remove it; up to 20 failing rows are kept in the result");
        if (node.Config.Text("severity") is { } severity && severity.ToUpperInvariant() is not ("WARN" or "ERROR"))
            throw new DbtException($"test '{node.Name}': severity '{severity}' must be warn or error", node.OriginalFilePath, node.Line);
        if (node.Config.Text("limit") is { } limit && !long.TryParse(limit, NumberStyles.Integer, CultureInfo.InvariantCulture, out _))
            throw new DbtException($"test '{node.Name}': limit '{limit}' must be a whole number", node.OriginalFilePath, node.Line);
    }

    private static bool IsEmpty(object? value) => value is null or false or "" or PyList { Count: 0 } or PyDict { Count: 0 };

    private static DbtException Unsupported(ManifestNode node, string feature, string remedy) =>
        new($"{feature} of {node.UniqueId} is not supported; {remedy}", node.OriginalFilePath, node.Line);
}
