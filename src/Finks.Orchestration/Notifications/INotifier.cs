namespace Finks.Orchestration.Notifications;

/// <summary>A way to reach people. Safe for use by several threads at once.</summary>
public interface INotifier
{
    /// <summary>Unique among the notifiers of a lake; the ledger tells by it who was told what.</summary>
    string Name { get; }

    /// <summary>Delivers a message, with retries of what may pass.</summary>
    /// <returns>Null when it was delivered, or there is nothing to be said there; otherwise what went wrong.</returns>
    Task<NotificationProblem?> SendAsync(NotificationMessage message, CancellationToken cancellation);
}
