using System.Text.Json.Nodes;

namespace Finks.Orchestration.Notifications;

/// <summary>A service that takes messages as JSON by POST.</summary>
/// <param name="Name">See <see cref="INotifier.Name"/>.</param>
/// <param name="Url">An absolute address, http or https. Secret: who knows it can post.</param>
public abstract record WebhookTarget(string Name, Secret Url)
{
    /// <summary>The body of the request; null when there is nothing to be said there.</summary>
    internal abstract JsonObject? Payload(NotificationMessage message);

    /// <summary>Any service: the fields of the notification under their names.</summary>
    public sealed record Json(string Name, Secret Url) : WebhookTarget(Name, Url)
    {
        internal override JsonObject Payload(NotificationMessage message) => new()
        {
            ["environment"] = message.Notification.Environment,
            ["flow"] = message.Notification.Flow,
            ["flow_run_id"] = message.Notification.FlowRunId.ToString("D"),
            ["outcome"] = MessageText.Outcome(message.Notification),
            ["recovery"] = message.IsRecovery,
            ["title"] = MessageText.Title(message),
            ["reason"] = message.Notification.Reason,
            ["repeats"] = message.Repeats,
            ["next_command"] = message.Notification.NextCommand,
            ["link"] = message.Notification.Link?.AbsoluteUri,
            ["occurred_at"] = MessageText.Time(message.Notification.OccurredAt),
        };
    }

    /// <summary>An incoming webhook of Slack.</summary>
    public sealed record Slack(string Name, Secret Url) : WebhookTarget(Name, Url)
    {
        internal override JsonObject Payload(NotificationMessage message) => SlackPayload.Of(message);
    }

    /// <summary>An integration of PagerDuty, by version 2 of its Events API.</summary>
    public sealed record PagerDuty(string Name, Secret RoutingKey, Secret Url) : WebhookTarget(Name, Url)
    {
        /// <summary>The United States' service region.</summary>
        public const string DefaultUrl = "https://events.pagerduty.com/v2/enqueue";

        internal override JsonObject? Payload(NotificationMessage message) => PagerDutyPayload.Of(message, RoutingKey);
    }
}
