using System.CommandLine;
using Finks.Orchestration.Notifications;

namespace Finks.Cli.Commands;

/// <summary><c>finks notify test</c>: whether people can be reached.</summary>
internal static class NotifyCommand
{
    private const string Flow = "test of the notifications";

    public static Command Create() => new("notify", "Whom runs are told to, as the environment says (FINKS_NOTIFY_…).") { Test() };

    private static Command Test()
    {
        var command = new Command("test", "Send a failure that says it is a test, and its recovery, on all ways that are set. It pages whoever PagerDuty pages.");
        command.SetAction(async (_, cancellation) =>
        {
            using var http = NotifyChoice.CreateHttp();
            var notifiers = NotifyChoice.Notifiers(NotifyChoice.Settings(), http);
            if (notifiers.Count == 0)
            {
                throw new UsageException(
                    $"Nobody is told of runs. Set {NotificationVariables.Slack}, {NotificationVariables.PagerDuty}, {NotificationVariables.Webhook}, or {NotificationVariables.Smtp} "
                    + $"with {NotificationVariables.From} and {NotificationVariables.To}; docs/orchestration.md explains them.");
            }

            var delivered = true;
            foreach (var notifier in notifiers)
                delivered &= await TellAsync(notifier, cancellation);
            return delivered ? ExitCodes.Success : ExitCodes.Failed;
        });
        return command;
    }

    private static async Task<bool> TellAsync(INotifier notifier, CancellationToken cancellation)
    {
        var failure = new Notification
        {
            Environment = WorkspaceChoice.Setting("FINKS_ENV") ?? "dev",
            Flow = Flow,
            FlowRunId = Composition.Ids.Next(),
            Outcome = NotificationOutcome.Failed,
            Reason = "This is a test by `finks notify test`. Nothing has failed.",
            NextCommand = "finks runs",
            OccurredAt = Composition.Clock.GetUtcNow(),
        };
        var recovery = failure with { Outcome = NotificationOutcome.Completed, NextCommand = null };
        var problem = await notifier.SendAsync(new NotificationMessage(failure), cancellation)
            ?? await notifier.SendAsync(new NotificationMessage(recovery, IsRecovery: true), cancellation);
        Console.WriteLine(problem is null ? $"{notifier.Name}: delivered" : $"{notifier.Name}: {problem.Message}");
        return problem is null;
    }
}
