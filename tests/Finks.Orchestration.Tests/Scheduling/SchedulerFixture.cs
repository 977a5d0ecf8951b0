using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Finks.Orchestration.Scheduling;

namespace Finks.Orchestration.Tests.Scheduling;

/// <summary>A scheduler in a process of its own: what it fired, and what it reported.</summary>
internal sealed class SchedulerFixture : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly WatchedClock _clock;
    private readonly Scheduler _scheduler;
    private Task _running = Task.CompletedTask;

    public SchedulerFixture(
        WatchedClock clock, IScheduleLedger ledger, IReadOnlyList<ScheduledFlow> flows, Func<ScheduledRun, CancellationToken, Task>? run = null,
        Func<CancellationToken, Task<bool>>? resume = null)
    {
        _clock = clock;
        _scheduler = new Scheduler(flows, ledger, Run, resume ?? (_ => Task.FromResult(false)), Problems.Enqueue, clock);

        async Task<bool> Run(ScheduledRun scheduled, CancellationToken cancellation)
        {
            Fired.Enqueue(scheduled.IdempotencyKey);
            if (run is not null)
                await run(scheduled, cancellation);
            return !Unended.Contains(scheduled.Flow.Name);
        }
    }

    public ConcurrentQueue<string> Fired { get; } = [];

    /// <summary>Names of schedules whose runs have not ended when the scheduler is done with them.</summary>
    public ISet<string> Unended { get; } = new HashSet<string>();

    public ConcurrentQueue<SchedulerProblem> Problems { get; } = [];

    public static ScheduledFlow Flow(string name, string schedule, CatchUp catchUp = CatchUp.Latest) =>
        new(name, "load", Schedule.Parse(schedule), new JsonObject { ["of"] = name }, catchUp);

    /// <summary>The end of the loop.</summary>
    public Task Ended => _running;

    /// <summary>Starts the loop on a thread of its own.</summary>
    public void Start() => _running = Task.Run(() => _scheduler.RunAsync(_stop.Token), TestContext.Current.CancellationToken);

    /// <summary>Starts the loop, and waits until it has nothing to do.</summary>
    /// <returns>How long it means to wait.</returns>
    public async Task<TimeSpan> StartIdleAsync()
    {
        Start();
        return await IdleAsync();
    }

    /// <summary>Lets time pass until the loop looks again and has nothing more to do.</summary>
    public async Task<TimeSpan> AdvanceAsync(TimeSpan time)
    {
        _clock.Advance(time);
        return await IdleAsync();
    }

    public void Stop() => _stop.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task<TimeSpan> IdleAsync()
    {
        var wait = _clock.NextWaitAsync();
        if (await Task.WhenAny(wait, _running) == _running)
            await _running; // says why it ended
        return await wait;
    }
}
