namespace Finks.Orchestration.Notifications;

/// <summary>How a flow run ended, as far as people are told.</summary>
public enum NotificationOutcome
{
    Completed,

    /// <summary>The flow completed and left something for the next run, such as replies that did not come.</summary>
    Incomplete,

    /// <summary>The flow ended with an error, or its gate refused the data.</summary>
    Failed,

    /// <summary>The process ended without a word.</summary>
    Crashed,

    Cancelled,
}

/// <summary>What people are told of a flow run that has ended.</summary>
public sealed record Notification
{
    /// <summary>Of the lake, such as <c>prod</c>.</summary>
    public required string Environment { get; init; }

    /// <summary>The flow's name.</summary>
    public required string Flow { get; init; }

    public required Guid FlowRunId { get; init; }

    public required NotificationOutcome Outcome { get; init; }

    /// <summary>Why, for people. Failures with the same reason count as repetitions, so times and counters do not belong here.</summary>
    public required string Reason { get; init; }

    /// <summary>The command to run next; null when there is nothing to do.</summary>
    public string? NextCommand { get; init; }

    /// <summary>Where the run is shown, by http or https; null for nowhere.</summary>
    public Uri? Link { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}

/// <summary>A notification as it goes out.</summary>
/// <param name="Repeats">How many like this one came since the last message and were not sent. For a recovery: how many failures.</param>
/// <param name="IsRecovery">Whether this is the first success after failures.</param>
public sealed record NotificationMessage(Notification Notification, long Repeats = 0, bool IsRecovery = false);

/// <summary>A notification that could not be delivered, or not as it should. Free of secrets.</summary>
/// <param name="Notifier">Who was to deliver it.</param>
public sealed record NotificationProblem(string Notifier, string Message);
