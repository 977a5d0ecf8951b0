using System.Text.Json;
using Finks.Dbt;
using Finks.Lake;

namespace Finks.Pipelines.Gold;

/// <summary>Keeps how each node of a build ended, with the first failing rows.</summary>
internal static class NodeResults
{
    public static void Record(LedgerTransaction tx, string runId, BuildResult result)
    {
        foreach (var node in result.Results)
        {
            tx.Execute(
                "insert or replace into finks_node_result values ($run, $node, $kind, $status, $failures, $seconds, $message, $sample)",
                ("run", runId), ("node", node.Node.UniqueId), ("kind", node.Node.ResourceType.DbtName()), ("status", node.Status.ToString().ToLowerInvariant()),
                ("failures", node.Failures), ("seconds", node.Elapsed.TotalSeconds), ("message", node.Message), ("sample", Sample(node.FailingRows)));
        }
    }

    private static string? Sample(FailingRows? failing)
    {
        if (failing is null)
            return null;
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var row in failing.Rows)
            {
                json.WriteStartObject();
                for (var i = 0; i < row.Count; i++)
                    json.WriteString(failing.Columns[i], row[i]?.ToString());
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }
}
