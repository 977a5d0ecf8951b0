using System.Text.Json.Nodes;
using Finks.Orchestration.Notifications;

namespace Finks.Orchestration.Tests.Notifications;

internal static class Samples
{
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    public static Notification Failure { get; } = new()
    {
        Environment = "prod",
        Flow = "daily",
        FlowRunId = new Guid("01234567-89ab-cdef-0123-456789abcdef"),
        Outcome = NotificationOutcome.Failed,
        Reason = "The gate refused 3 rows of <prices> & more.",
        NextCommand = "finks quarantine list --dataset prices > rows.txt",
        Link = new Uri("https://finks.example.com/runs/01234567?tab=log"),
        OccurredAt = Now,
    };

    public static Notification Success { get; } = Failure with { Outcome = NotificationOutcome.Completed, Reason = "All is well.", NextCommand = null };

    public static string Text(this JsonNode? node, params object[] path)
    {
        foreach (var step in path)
            node = step is int index ? node![index] : node![(string)step];
        return node!.GetValue<string>();
    }
}
