using System.Text.Json;
using Finks.Dbt;
using Finks.Lake;
using Finks.Lake.Bronze;

namespace Finks.Pipelines.Gold;

/// <summary>Keeps how each node of a build ended, with the first failing rows.</summary>
internal static class NodeResults
{
    public static void Record(LedgerTransaction tx, string runId, BuildResult result, DateTimeOffset at)
    {
        foreach (var node in result.Results)
        {
            tx.Execute(
                """
                insert into finks_node_result values (@run, @node, @kind, @about, @severity, @status, @failures, @seconds, @message, @sample, @at)
                on conflict (run_id, node) do update set
                    status = excluded.status, failures = excluded.failures, seconds = excluded.seconds, message = excluded.message, sample = excluded.sample, built_at = excluded.built_at
                """,
                ("run", runId), ("node", node.Node.UniqueId), ("kind", node.Node.ResourceType.DbtName()),
                ("about", IsTest(node) ? node.Node.DependsOn.FirstOrDefault()?.Split('.')[^1] : null),
                ("severity", IsTest(node) ? node.Node.Config.Text("severity")?.ToLowerInvariant() : null), ("status", node.Status.ToString().ToLowerInvariant()),
                ("failures", node.Failures), ("seconds", node.Elapsed.TotalSeconds), ("message", node.Message), ("sample", Sample(node.FailingRows)), ("at", UtcText.From(at)));
        }
    }

    private static bool IsTest(NodeResult node) => node.Node.ResourceType == ResourceType.Test;

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
