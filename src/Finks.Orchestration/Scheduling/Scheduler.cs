using Finks.Lake;

namespace Finks.Orchestration.Scheduling;

/// <summary>
/// Runs flows at their times, one at a time, in the order of their times. Any number of schedulers may serve one lake: before a run begins its time
/// is claimed in the ledger for ever, so none is fired twice. When the process is killed after the claim, the time is not fired again: the claim
/// stays in <see cref="IScheduleLedger.Unsettled"/>, and whoever resumes unfinished runs asks for it by the key of the run.
/// </summary>
public sealed class Scheduler
{
    /// <summary>A machine that slept is noticed within this time, since timers stand still during sleep and clocks do not.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>A time that passed so recently was not missed: a scheduler that is restarted within it skips nothing.</summary>
    private static readonly TimeSpan Punctual = TimeSpan.FromMinutes(5);

    private readonly IReadOnlyList<ScheduledFlow> _flows;
    private readonly IScheduleLedger _ledger;
    private readonly Func<ScheduledRun, CancellationToken, Task<bool>> _run;
    private readonly Func<CancellationToken, Task<bool>> _resume;
    private readonly Action<SchedulerProblem> _report;
    private readonly TimeProvider _clock;

    /// <param name="run">Runs one; false when it has not ended and whoever resumes is to see to it. What it throws is reported, and the others go on.</param>
    /// <param name="resume">Goes on with what killed processes have left, before each look at what is due and at least once a minute; says whether there
    /// was anything. What it throws is reported.</param>
    /// <param name="report">Told what went wrong; it must not throw.</param>
    /// <exception cref="ScheduleException">Two flows have the same name.</exception>
    public Scheduler(
        IReadOnlyList<ScheduledFlow> flows,
        IScheduleLedger ledger,
        Func<ScheduledRun, CancellationToken, Task<bool>> run,
        Func<CancellationToken, Task<bool>> resume,
        Action<SchedulerProblem> report,
        TimeProvider clock)
    {
        if (flows.GroupBy(f => f.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ScheduleException(
                $"Two schedules are called '{twice.Key}', and the ledger tells them apart by name. Give one another name.");
        (_flows, _ledger, _run, _resume, _report, _clock) = (flows, ledger, run, resume, report, clock);
    }

    /// <summary>Runs until it is cancelled, then ends when the run that is going on has.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        DateTimeOffset? busySince = null;
        while (!cancellation.IsCancellationRequested)
        {
            var now = _clock.GetUtcNow();
            if (await ResumeAsync(cancellation))
            {
                busySince ??= now;
                continue;
            }

            // What became due while another flow ran was not missed by sleep.
            var punctual = busySince is { } since && now - since > Punctual ? now - since : Punctual;
            var look = Look(now, punctual);
            if (look.Due is { } due && TryClaim(due) is { } claimed)
            {
                if (claimed)
                {
                    busySince ??= now;
                    await RunAsync(due, cancellation);
                }

                continue;
            }

            busySince = null;
            await WaitAsync(look.Next - now, cancellation);
        }
    }

    private async Task<bool> ResumeAsync(CancellationToken cancellation)
    {
        try
        {
            return await _resume(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception error)
        {
            _report(new SchedulerProblem(null, null, $"What killed processes have left cannot be gone on with: {error.Message} It is tried again within a minute.", error));
            return false;
        }
    }

    /// <summary>The first run that is due, or else when the next will be.</summary>
    private (ScheduledRun? Due, DateTimeOffset? Next) Look(DateTimeOffset now, TimeSpan punctual)
    {
        ScheduledRun? due = null;
        DateTimeOffset? next = null;
        foreach (var flow in _flows)
        {
            try
            {
                var status = _ledger.Status(flow.Name, now);
                if (status.IsPaused)
                    continue;
                var times = DueTimes.Of(flow.Schedule, status.DoneThrough, now, flow.CatchUp, punctual, limit: 1);
                if (times is [var time] && (due is null || time < due.ScheduledFor))
                    due = new ScheduledRun(flow, time);
                if (flow.Schedule.NextAfter(now) is { } coming && (next is null || coming < next))
                    next = coming;
            }
            catch (LakeException error)
            {
                _report(new SchedulerProblem(flow.Name, null, $"Whether {flow.Name} is due cannot be read; it is read again within a "
                    + "minute.", error));
            }
        }

        return (due, next);
    }

    /// <summary>Null when the ledger failed, so that nobody knows.</summary>
    private bool? TryClaim(ScheduledRun run)
    {
        try
        {
            return _ledger.TryClaim(run.Flow.Name, run.ScheduledFor, _clock.GetUtcNow());
        }
        catch (LakeException error)
        {
            _report(new SchedulerProblem(run.Flow.Name, run.ScheduledFor, $"{run.IdempotencyKey} cannot be claimed; it is tried again "
                + "within a minute.", error));
            return null;
        }
    }

    private async Task RunAsync(ScheduledRun run, CancellationToken cancellation)
    {
        try
        {
            if (!await _run(run, cancellation))
                return;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return; // Unsettled, as a killed process leaves it: whoever resumes unfinished runs finds it.
        }
        catch (Exception error)
        {
            _report(new SchedulerProblem(run.Flow.Name, run.ScheduledFor, $"{run.IdempotencyKey} failed: {error.Message}", error));
        }

        try
        {
            _ledger.Settle(run.Flow.Name, run.ScheduledFor);
        }
        catch (LakeException error)
        {
            _report(new SchedulerProblem(run.Flow.Name, run.ScheduledFor, $"{run.IdempotencyKey} has ended, and stays among the "
                + "unsettled.", error));
        }
    }

    private async Task WaitAsync(TimeSpan? untilNext, CancellationToken cancellation)
    {
        // Timers count whole milliseconds; rounded down they would ring before the time.
        var wait = untilNext < LongestWait ? TimeSpan.FromMilliseconds(Math.Ceiling(untilNext.Value.TotalMilliseconds)) : LongestWait;
        await Task.Delay(wait, _clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

/// <summary>What went wrong in a scheduler, which goes on.</summary>
/// <param name="Schedule">The schedule's name; null when it is about all.</param>
/// <param name="ScheduledFor">The run that it is about; null when it is about the schedule.</param>
public sealed record SchedulerProblem(string? Schedule, DateTimeOffset? ScheduledFor, string Message, Exception Cause);
