using System.Text;
using System.Text.Json.Nodes;

namespace Finks.Orchestration.Notifications;

/// <summary>A message in Slack's Block Kit. The limits are those of its reference,
/// https://docs.slack.dev/reference/block-kit/blocks.</summary>
internal static class SlackPayload
{
    private const int MaxHeader = 150;
    private const int MaxText = 3000;
    private const int MaxUrl = 3000;
    private const int MaxButton = 75;
    private const string Fence = "```";

    public static JsonObject Of(NotificationMessage message)
    {
        var notification = message.Notification;
        var blocks = new JsonArray
        {
            new JsonObject { ["type"] = "header", ["text"] = Plain(Icon(message) + " " + MessageText.Title(message), MaxHeader) },
        };
        // Plain text: what an error says must neither become markup nor call people by name. Slack refuses an empty text.
        if (!string.IsNullOrWhiteSpace(notification.Reason))
            blocks.Add(Section(Plain(notification.Reason, MaxText)));
        if (MessageText.Repeats(message) is { } repeats)
            blocks.Add(Section(Plain(repeats, MaxText)));
        if (notification.NextCommand is { Length: > 0 } command)
            blocks.Add(Section(Code(command)));
        blocks.Add(Elements("context", Plain(MessageText.Context(notification), MaxText)));
        if (notification.Link is { } link && link.AbsoluteUri.Length <= MaxUrl)
        {
            var button = new JsonObject { ["type"] = "button", ["text"] = Plain("Open the run", MaxButton), ["url"] = link.AbsoluteUri };
            blocks.Add(Elements("actions", button));
        }

        // What is shown where blocks are not, such as on a phone's lock screen.
        var text = MessageText.Bounded($"{MessageText.Title(message)}: {notification.Reason}", MaxText, Escaped);
        return new JsonObject { ["text"] = text, ["blocks"] = blocks };
    }

    private static string Icon(NotificationMessage message) => message.Notification.Outcome switch
    {
        NotificationOutcome.Completed => "✅",
        NotificationOutcome.Incomplete or NotificationOutcome.Cancelled => "⚠️",
        _ => "🔴",
    };

    private static JsonObject Elements(string type, JsonObject element) =>
        new() { ["type"] = type, ["elements"] = new JsonArray { element } };

    private static JsonObject Section(JsonObject text) => new() { ["type"] = "section", ["text"] = text };

    private static JsonObject Plain(string text, int limit) =>
        new() { ["type"] = "plain_text", ["text"] = MessageText.Bounded(text, limit), ["emoji"] = false };

    private static JsonObject Code(string command)
    {
        var text = MessageText.Bounded(command.Replace(Fence, "'''", StringComparison.Ordinal), MaxText - (2 * Fence.Length), Escaped);
        return new JsonObject { ["type"] = "mrkdwn", ["text"] = Fence + text + Fence, ["verbatim"] = true };
    }

    /// <summary>Slack's own markup has three characters that must be escaped,
    /// https://docs.slack.dev/messaging/formatting-message-text.</summary>
    private static string Escaped(Rune rune) => rune.Value switch
    {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        _ => rune.ToString(),
    };
}
