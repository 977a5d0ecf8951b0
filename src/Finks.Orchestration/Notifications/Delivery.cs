namespace Finks.Orchestration.Notifications;

/// <summary>Why one attempt to deliver failed. Free of secrets.</summary>
/// <param name="IsTransient">Whether another attempt may succeed.</param>
/// <param name="RetryAfter">How long the other side wants to be left alone; null when it did not say.</param>
internal sealed record DeliveryFailure(string Reason, bool IsTransient, TimeSpan? RetryAfter = null);

/// <summary>Tries to deliver a message, again with growing pauses while the failure may pass.</summary>
internal sealed class Delivery(string notifier, TimeProvider clock)
{
    private const int MaxAttempts = 4;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(10);

    /// <param name="attempt">Null when it was delivered.</param>
    public async Task<NotificationProblem?> SendAsync(
        Func<CancellationToken, Task<DeliveryFailure?>> attempt, CancellationToken cancellation)
    {
        var pause = FirstPause;
        for (var number = 1; ; number++, pause *= 2)
        {
            if (await AttemptAsync(attempt, cancellation) is not { } failure)
                return null;
            if (!failure.IsTransient)
                return new NotificationProblem(notifier, $"The notification was not delivered by {notifier}: {failure.Reason}");
            if (number == MaxAttempts)
                return new NotificationProblem(notifier, $"The notification was not delivered by {notifier} in {MaxAttempts} "
                    + $"attempts: {failure.Reason}");
            var wanted = failure.RetryAfter > pause ? failure.RetryAfter.Value : pause;
            await Task.Delay(wanted < LongestPause ? wanted : LongestPause, clock, cancellation);
        }
    }

    private async Task<DeliveryFailure?> AttemptAsync(
        Func<CancellationToken, Task<DeliveryFailure?>> attempt, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(AttemptTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            return await attempt(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new DeliveryFailure($"there was no answer within {AttemptTimeout.TotalSeconds:0} seconds.", IsTransient: true);
        }
    }
}
