using System.Globalization;
using Finks.Lake;
using Finks.Orchestration.Runs;
using Finks.Orchestration.Scheduling;
using Finks.Orchestration.States;

namespace Finks.Pipelines.Flows;

/// <summary>What a <see cref="Scheduler"/> runs: flows of the catalog on the local backend, also those that killed processes have left.</summary>
/// <param name="tell">Told what becomes of runs, a line each.</param>
public sealed class ScheduledRuns(
    FlowCatalog catalog, Workspace workspace, IReadOnlyList<ScheduledFlow> schedules, IScheduleLedger ledger, FlowRunner runner, RunNotices? notices, Action<string> tell)
{
    /// <summary>A run whose process died so often is not tried again: it may be what kills the process.</summary>
    public const int MostDeaths = 3;

    /// <summary>Whoever has claimed a time makes its run at once; after this pause nobody will.</summary>
    private static readonly TimeSpan Unmade = TimeSpan.FromMinutes(1);

    /// <summary>What becomes of a run whose scheduler is told to end: the next scheduler goes on with it.</summary>
    public static RunState Stopped { get; } = RunState.Crashed("Its scheduler was told to end. The next one goes on with it, and so does `finks run --resume`.");

    /// <summary>Makes the run of a scheduled time, or finds it, and works on it; false when it has not ended then.</summary>
    public async Task<bool> RunAsync(ScheduledRun due, CancellationToken cancellation)
    {
        try
        {
            tell($"{due.Flow.Name}: due at {Time(due.ScheduledFor)}");
            var run = await workspace.Backend.CreateFlowRunAsync(
                new NewFlowRun
                {
                    Flow = due.Flow.Flow,
                    Name = $"{due.Flow.Flow} {Time(due.ScheduledFor)}",
                    Parameters = due.Flow.Parameters,
                    Tags = [due.Flow.Name],
                    IdempotencyKey = due.IdempotencyKey,
                    ScheduledFor = due.ScheduledFor,
                },
                cancellation);
            return await WorkAsync(run, cancellation);
        }
        catch (LakeException error)
        {
            tell($"{due.Flow.Name}: its run cannot be made: {error.Message} It is tried again.");
            return false;
        }
    }

    /// <summary>Goes on with one run that a killed process has left; says whether there was one.</summary>
    public async Task<bool> ResumeAsync(CancellationToken cancellation)
    {
        foreach (var dead in workspace.Backend.Sweep())
        {
            tell($"{dead.Name} ({dead.Id}): {dead.State.Name}. {dead.State.Message}");
            if (notices is not null)
                await notices.TellAsync(dead);
        }

        foreach (var claim in ledger.Unsettled())
        {
            if (await ResumeAsync(claim, cancellation))
                return true;
        }

        return false;
    }

    private async Task<bool> ResumeAsync(ScheduleClaim claim, CancellationToken cancellation)
    {
        if (workspace.Runs.OfKey(ScheduledRun.KeyOf(claim.Name, claim.ScheduledFor)) is not { } run)
            return await MakeAsync(claim, cancellation);
        var isWorn = run.State.Type == StateType.Crashed && DeathsOf(run) >= MostDeaths;
        if (isWorn)
            tell($"{run.Name} ({run.Id}): its process died {MostDeaths} times, and it is not tried again. `finks runs show {run.Id}` shows it; `finks run --resume {run.Id}` tries it once more.");
        if (isWorn || HasEnded(run))
        {
            ledger.Settle(claim.Name, claim.ScheduledFor);
            return false;
        }

        var open = run.State.Type switch
        {
            StateType.Scheduled => run,
            StateType.Crashed => workspace.Backend.Reopen(run.Id),
            _ => null, // another process works on it
        };
        if (open is null)
            return false;
        tell($"{open.Name} ({open.Id}): goes on from its finished tasks");
        return await SettleAsync(claim, WorkAsync(open, cancellation));
    }

    /// <summary>How often its process ended without a word: not counting schedulers that were told to end.</summary>
    private int DeathsOf(FlowRun run) => workspace.Runs.Tree(run.Id)!.States.Count(s => s.Type == StateType.Crashed && s.Message != Stopped.Message);

    /// <summary>Makes the run of a claim whose process died before it had.</summary>
    private async Task<bool> MakeAsync(ScheduleClaim claim, CancellationToken cancellation)
    {
        if (workspace.Clock.GetUtcNow() - claim.ClaimedAt < Unmade)
            return false;
        if (schedules.FirstOrDefault(s => s.Name == claim.Name) is { } schedule)
            return await SettleAsync(claim, RunAsync(new ScheduledRun(schedule, claim.ScheduledFor), cancellation));
        tell($"{claim.Name} was due at {Time(claim.ScheduledFor)} and was not begun. It is not in the file any more, so its run is left out.");
        ledger.Settle(claim.Name, claim.ScheduledFor);
        return false;
    }

    /// <summary>Whether the work came to an end, which settles its claim.</summary>
    private async Task<bool> SettleAsync(ScheduleClaim claim, Task<bool> work)
    {
        if (!await work)
            return false;
        ledger.Settle(claim.Name, claim.ScheduledFor);
        return true;
    }

    /// <summary>Works on a run; whether it has ended then. Why it failed stands in its log.</summary>
    private async Task<bool> WorkAsync(FlowRun run, CancellationToken cancellation)
    {
        if (catalog.Find(run.Flow) is not { } flow)
        {
            tell($"{run.Name} ({run.Id}): Finks has no flow {run.Flow} any more.");
            return true;
        }

        try
        {
            await runner.WorkAsync(flow, run, cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            tell($"{run.Name} ({run.Id}): {error.Message}");
        }

        return await workspace.Backend.FindFlowRunAsync(run.Id, CancellationToken.None) is { } now && HasEnded(now);
    }

    /// <summary>A crashed run has not: it is gone on with.</summary>
    private static bool HasEnded(FlowRun run) => run.State is { IsFinal: true, Type: not StateType.Crashed };

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
