using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Finks.Orchestration.Notifications;

/// <summary>An event of PagerDuty's Events API v2, https://developer.pagerduty.com/docs/send-alert-event. All failures of a flow are one
/// alert, which its recovery resolves.</summary>
internal static class PagerDutyPayload
{
    private const int MaxSummary = 1024;
    private const int MaxDedupKey = 255;

    /// <summary>An event may have 512 kB.</summary>
    private const int MaxDetail = 20_000;

    /// <returns>Null for a success that ends no failure.</returns>
    public static JsonObject? Of(NotificationMessage message, Secret routingKey)
    {
        var notification = message.Notification;
        var request = new JsonObject { ["routing_key"] = routingKey.Reveal(), ["dedup_key"] = DedupKey(notification) };
        if (notification.Outcome == NotificationOutcome.Completed)
        {
            request["event_action"] = "resolve";
            return message.IsRecovery ? request : null;
        }

        request["event_action"] = "trigger";
        request["client"] = "Finks";
        request["payload"] = new JsonObject
        {
            ["summary"] = MessageText.Bounded($"{MessageText.Title(message)}: {notification.Reason}", MaxSummary),
            ["source"] = $"finks/{notification.Environment}",
            ["severity"] = Severity(notification.Outcome),
            ["timestamp"] = MessageText.Time(notification.OccurredAt),
            ["component"] = notification.Flow,
            ["class"] = MessageText.Outcome(notification),
            ["custom_details"] = new JsonObject
            {
                ["flow_run_id"] = notification.FlowRunId.ToString("D"),
                ["reason"] = MessageText.Bounded(notification.Reason, MaxDetail),
                ["next_command"] = notification.NextCommand is { } command ? MessageText.Bounded(command, MaxDetail) : null,
                ["repeats"] = message.Repeats,
            },
        };
        if (notification.Link is { } link)
            request["links"] = new JsonArray { new JsonObject { ["href"] = link.AbsoluteUri, ["text"] = "Open the run" } };
        return request;
    }

    private static string Severity(NotificationOutcome outcome) => outcome switch
    {
        NotificationOutcome.Crashed => "critical",
        NotificationOutcome.Failed => "error",
        _ => "warning",
    };

    private static string DedupKey(Notification notification)
    {
        var key = $"finks/{notification.Environment}/{notification.Flow}";
        return key.Length <= MaxDedupKey ? key : "finks/" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
    }
}
