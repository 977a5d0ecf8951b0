using Finks.Lake;

namespace Finks.Orchestration.Notifications;

/// <summary>Tells people how flow runs ended: each failure once in a while, and the success that ends failures.</summary>
public sealed class NotificationSender
{
    private readonly IReadOnlyList<INotifier> _notifiers;
    private readonly NotificationLedger _ledger;
    private readonly NotificationSettings _settings;
    private readonly TimeProvider _clock;

    /// <exception cref="ArgumentException">Two notifiers have the same name.</exception>
    public NotificationSender(
        IReadOnlyList<INotifier> notifiers, NotificationLedger ledger, NotificationSettings settings, TimeProvider clock)
    {
        if (notifiers.GroupBy(n => n.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException(
                $"Two notifiers are called '{twice.Key}', and the ledger tells them apart by name. Give one another name.",
                nameof(notifiers));
        (_notifiers, _ledger, _settings, _clock) = (notifiers, ledger, settings, clock);
    }

    /// <summary>Sends a notification on all ways on which it is due. Throws nothing but the cancellation: a flow must not fail because
    /// nobody could be told. A process that is killed meanwhile leaves it as sent.</summary>
    /// <returns>What went wrong, to be logged; what was not delivered goes out with the next one like it.</returns>
    public async Task<IReadOnlyList<NotificationProblem>> SendAsync(Notification notification, CancellationToken cancellation)
    {
        var problems = await Task.WhenAll(_notifiers.Select(notifier => SendAsync(notifier, notification, cancellation)));
        return [.. problems.SelectMany(p => p)];
    }

    private async Task<IReadOnlyList<NotificationProblem>> SendAsync(
        INotifier notifier, Notification notification, CancellationToken cancellation)
    {
        List<NotificationProblem> problems = [];
        if (Admit(notifier.Name, notification, problems) is { } admission
            && await DeliverAsync(notifier, admission, cancellation) is { } problem)
        {
            problems.Add(problem);
        }

        return problems;
    }

    private NotificationLedger.Admission? Admit(string notifier, Notification notification, List<NotificationProblem> problems)
    {
        try
        {
            return _ledger.Admit(notifier, notification, _clock.GetUtcNow(), _settings.Window, _settings.Successes);
        }
        catch (LakeException error)
        {
            // The catalog is out of order: just then people want to hear of failures, rather twice than never.
            problems.Add(new NotificationProblem(notifier, $"What {notifier} was told before cannot be read: {error.Message}"));
            return notification.Outcome == NotificationOutcome.Completed
                ? null
                : new NotificationLedger.Admission(notifier, new NotificationMessage(notification), []);
        }
    }

    private async Task<NotificationProblem?> DeliverAsync(
        INotifier notifier, NotificationLedger.Admission admission, CancellationToken cancellation)
    {
        var delivered = false;
        try
        {
            var problem = await notifier.SendAsync(admission.Message, cancellation);
            delivered = problem is null;
            return problem;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Not its message, which may hold what the notifier knows of its target.
            return new NotificationProblem(notifier.Name, $"The notification was not delivered by {notifier.Name}: it failed with "
                + $"{error.GetType().Name}.");
        }
        finally
        {
            if (!delivered)
                Return(admission);
        }
    }

    private void Return(NotificationLedger.Admission admission)
    {
        try
        {
            _ledger.Return(admission);
        }
        catch (LakeException)
        {
            // The delivery's own problem is reported; one like it is sent again after the window.
        }
    }
}
