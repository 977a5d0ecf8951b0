using System.Globalization;
using Finks.Jinja;

namespace Finks.Dbt.Configuration;

/// <summary>Refuses configs whose effect this engine does not have. A config dbt itself does not know stays, as in dbt, readable by <c>config.get()</c>.</summary>
internal static class ConfigSupport
{
    private static readonly string[] WithoutEffect =
    [
        "pre-hook", "post-hook", "sql_header", "indexes", "persist_docs", "quoting", "sorted_by", "group", "batch_size", "event_time", "plugin", "glue_register",
    ];

    public static void Check(ManifestNode node)
    {
        foreach (var key in WithoutEffect)
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
            case ResourceType.Model when node.Config.Materialized == "external":
                CheckExternal(node);
                break;
            case ResourceType.Seed when node.Config.TryGet("fast", out var fast) && fast is false:
                throw Unsupported(node, "the seed config 'fast: false'", "remove it; rows are then loaded by DuckDB's COPY");
            case ResourceType.Test:
                CheckTest(node);
                break;
        }
    }

    private static void CheckExternal(ManifestNode node)
    {
        if (node.Config.Text("format") is { } format && format != "parquet")
            throw Unsupported(node, $"the external format '{format}'", "use parquet");
        var location = node.Config.Text("location") ?? "";
        if (Path.GetExtension(location) is not ("" or ".parquet"))
            throw Unsupported(node, $"the external location '{location}'", "end it with .parquet");
        if (location.Contains("{{", StringComparison.Ordinal))
            throw Unsupported(node, $"Jinja inside the external location '{location}'", "build it in config(location=...) with '~'");
        if (!node.Config.TryGet("options", out var options) || options is null)
            return;
        if (options is not PyDict dict)
            throw Unsupported(node, "'options' that is no mapping", "write options={'name': value}");
        foreach (var key in dict.Select(option => PyValue.Str(option.Key)).Where(key => key.ToLowerInvariant() is "partition_by" or "per_thread_output" or "format"))
            throw Unsupported(node, $"the external option '{key}'", "remove it; one Parquet file is written");
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
