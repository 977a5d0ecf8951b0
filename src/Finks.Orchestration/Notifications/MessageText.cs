using System.Globalization;
using System.Text;

namespace Finks.Orchestration.Notifications;

/// <summary>The words of a message, the same on all ways.</summary>
internal static class MessageText
{
    /// <summary>Says in one line which flow it is about and what happened.</summary>
    public static string Title(NotificationMessage message)
    {
        var notification = message.Notification;
        var happened = message.IsRecovery ? "has recovered" : notification.Outcome switch
        {
            NotificationOutcome.Completed => "completed",
            NotificationOutcome.Incomplete => "completed in part",
            NotificationOutcome.Failed => "failed",
            NotificationOutcome.Crashed => "crashed",
            _ => "was cancelled",
        };
        return OneLine($"{notification.Environment}: {notification.Flow} {happened}");
    }

    /// <summary>What the ledger has counted; null when there is nothing to tell.</summary>
    public static string? Repeats(NotificationMessage message) => message switch
    {
        { Repeats: 0 } => null,
        { IsRecovery: true } => $"{message.Repeats} more {(message.Repeats == 1 ? "failure" : "failures")} since the last message.",
        _ => $"{message.Repeats} more like this since the last message.",
    };

    /// <summary>All of it, as plain text with LF.</summary>
    public static string Body(NotificationMessage message)
    {
        var notification = message.Notification;
        var body = new StringBuilder().Append(Title(message)).Append("\n\n").Append(notification.Reason).Append('\n');
        if (Repeats(message) is { } repeats)
            body.Append(repeats).Append('\n');
        if (notification.NextCommand is { } command)
            body.Append("\nNext: ").Append(command).Append('\n');
        body.Append('\n').Append(Context(notification)).Append('\n');
        if (notification.Link is { } link)
            body.Append(link.AbsoluteUri).Append('\n');
        return body.ToString();
    }

    public static string Context(Notification notification) => $"Flow run {notification.FlowRunId:D}, {Time(notification.OccurredAt)}";

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Outcome(Notification notification) => notification.Outcome.ToString().ToLowerInvariant();

    /// <summary>The text, or its beginning and an ellipsis, in at most <paramref name="limit"/> UTF-16 units.</summary>
    public static string Bounded(string text, int limit) => Bounded(text, limit, rune => rune.ToString());

    /// <summary>The same of a text of which each character is written in a form of its own; none is cut in two.</summary>
    public static string Bounded(string text, int limit, Func<Rune, string> write)
    {
        var result = new StringBuilder();
        var (whole, cut) = (true, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            var written = write(rune);
            if (result.Length + written.Length > limit)
            {
                whole = false;
                break;
            }

            result.Append(written);
            if (result.Length < limit)
                cut = result.Length; // an ellipsis fits behind this
        }

        return whole ? result.ToString() : result.ToString(0, cut) + "…";
    }

    private static string OneLine(string text) =>
        string.Join(' ', text.Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
