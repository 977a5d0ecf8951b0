using Finks.Orchestration.Notifications;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;
using Finks.Pipelines.Stages;

namespace Finks.Pipelines.Flows;

/// <summary>Tells people how runs of a workspace ended.</summary>
/// <param name="link">Where a run is shown; null for nowhere.</param>
/// <param name="warn">Told what could not be delivered.</param>
public sealed class RunNotices(Workspace workspace, NotificationSender sender, Func<FlowRun, Uri?> link, Action<string> warn)
{
    /// <summary>A process that is told to end has no more time than this for its last message.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Tells of a run that has ended. A run that goes on, or is part of another, is not worth a word.</summary>
    /// <param name="outcome">How it ended; null for as its state says.</param>
    /// <param name="reason">Why; null for as its state says.</param>
    public async Task TellAsync(FlowRun run, NotificationOutcome? outcome = null, string? reason = null)
    {
        if (run.ParentTaskRun is not null || (outcome ?? OutcomeOf(run)) is not { } ended)
            return;
        using var time = new CancellationTokenSource(Patience, workspace.Clock);
        var notification = new Notification
        {
            Environment = workspace.Lake.Paths.Environment,
            Flow = run.Flow,
            FlowRunId = run.Id,
            Outcome = ended,
            Reason = reason ?? run.State.Message ?? Summary(run),
            NextCommand = NextCommand(run, ended),
            Link = link(run),
            OccurredAt = run.EndedAt ?? workspace.Clock.GetUtcNow(),
        };
        try
        {
            foreach (var problem in await sender.SendAsync(notification, time.Token))
                warn(problem.Message);
        }
        catch (OperationCanceledException)
        {
            warn($"The notification of {run.Name} was not delivered within {Patience.TotalSeconds:0} seconds.");
        }
    }

    private NotificationOutcome? OutcomeOf(FlowRun run) => run.State.Type switch
    {
        StateType.Completed => StagesOf(run).Any(s => s.Outcome.State == StageState.Incomplete) ? NotificationOutcome.Incomplete : NotificationOutcome.Completed,
        StateType.Failed => NotificationOutcome.Failed,
        StateType.Crashed => NotificationOutcome.Crashed,
        StateType.Cancelled => NotificationOutcome.Cancelled,
        _ => null,
    };

    private string Summary(FlowRun run) => string.Join('\n', StagesOf(run).Select(s => $"{s.Task.Task}: {s.Outcome.Summary}"));

    private IEnumerable<StageResult> StagesOf(FlowRun run) => workspace.Runs.Tree(run.Id) is { } tree ? StageResults.Of(tree).OrderBy(s => s.Task.StartedAt) : [];

    /// <summary>A run of a server is tried again there.</summary>
    private static string? NextCommand(FlowRun run, NotificationOutcome outcome) => outcome switch
    {
        NotificationOutcome.Completed => null,
        NotificationOutcome.Crashed or NotificationOutcome.Cancelled when run.Deployment is null => $"finks run --resume {run.Id}",
        _ => $"finks runs show {run.Id}",
    };
}
