using Finks.Orchestration.Scheduling;
using static Finks.Orchestration.Tests.Scheduling.SchedulerFixture;

namespace Finks.Orchestration.Tests.Scheduling;

/// <summary>Several schedulers on one lake, and schedulers that die.</summary>
public sealed class SchedulersTogetherTests(PostgresServer postgres)
{
    private const int Times = 30;

    private static readonly DateTimeOffset Start = new(2026, 11, 23, 9, 0, 30, TimeSpan.Zero);

    private static readonly ScheduledFlow[] Flows = [Flow("a", "every: 1m", CatchUp.All), Flow("b", "every: 1m", CatchUp.All), Flow("c", "cron: */2 * * * *", CatchUp.All)];

    private static readonly string[] Expected =
    [
        .. from flow in Flows
           from time in flow.Schedule.Occurrences(Start, Start.AddMinutes(Times))
           select new ScheduledRun(flow, time).IdempotencyKey,
    ];

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task Schedulers_that_run_at_once_share_the_times_and_fire_none_twice(string database)
    {
        using var lake = LedgerLake.On(database, new WatchedClock(Start), postgres);
        FirstSeen(lake);
        var schedulers = Enumerable.Range(0, 4)
            .Select(_ => new SchedulerFixture(new WatchedClock(Start.AddMinutes(Times)), new LakeScheduleLedger(lake.Open()), Flows)).ToList();

        await Task.WhenAll(schedulers.Select(scheduler => scheduler.StartIdleAsync()));

        Assert.All(schedulers, scheduler => Assert.Empty(scheduler.Problems));
        Assert.Equal(Expected.Order(), schedulers.SelectMany(scheduler => scheduler.Fired).Order());
        Assert.Empty(new LakeScheduleLedger(lake.Open()).Unsettled());
        foreach (var scheduler in schedulers)
            await scheduler.DisposeAsync();
    }

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task Of_many_who_claim_a_time_at_once_one_gets_it(string database)
    {
        using var lake = LedgerLake.On(database, new WatchedClock(Start), postgres);
        FirstSeen(lake);
        var ledgers = Enumerable.Range(0, 8).Select(_ => new LakeScheduleLedger(lake.Open())).ToList();
        using var together = new Barrier(ledgers.Count);

        var claims = await Task.WhenAll(ledgers.Select(ledger => Task.Factory.StartNew(
            () =>
            {
                together.SignalAndWait(TestContext.Current.CancellationToken);
                return ledger.TryClaim("a", Start.AddMinutes(1), Start.AddMinutes(2));
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.Single(claims, claimed => claimed);
    }

    /// <summary>The policy: what is claimed is not fired again. What was claimed and not fired is found among the unsettled.</summary>
    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task A_scheduler_killed_at_any_point_makes_no_time_lost_and_none_fired_twice(string database)
    {
        const int rounds = 25;
        using var lake = LedgerLake.On(database, new WatchedClock(Start), postgres);
        FirstSeen(lake);
        List<string> fired = [];
        for (var point = 1; point <= rounds; point++)
        {
            var left = int.MaxValue;
            var target = lake.Open(_ =>
            {
                if (--left == 0)
                    throw new ProcessKilledException();
            });
            await using var scheduler = new SchedulerFixture(new WatchedClock(Start.AddMinutes(Times)), new LakeScheduleLedger(target), Flows);
            left = point;
            scheduler.Start();
            await Assert.ThrowsAsync<ProcessKilledException>(() => scheduler.Ended);
            fired.AddRange(scheduler.Fired);
        }

        await using var last = new SchedulerFixture(new WatchedClock(Start.AddMinutes(Times)), new LakeScheduleLedger(lake.Open()), Flows);
        await last.StartIdleAsync();
        fired.AddRange(last.Fired);

        var unsettled = new LakeScheduleLedger(lake.Open()).Unsettled()
            .Select(claim => new ScheduledRun(Flows.Single(f => f.Name == claim.Name), claim.ScheduledFor).IdempotencyKey).ToList();
        Assert.Equal(fired.Distinct(), fired);
        Assert.Equal(Expected.Order(), fired.Union(unsettled).Order());
        Assert.NotEmpty(unsettled.Except(fired)); // killed between the claim and the run
        Assert.NotEmpty(unsettled.Intersect(fired)); // killed during the run, or before it was settled
    }

    [Fact]
    public void An_unsettled_claim_stays_until_its_run_was_resumed()
    {
        using var lake = new LedgerLake(new WatchedClock(Start));
        FirstSeen(lake);
        var ledger = new LakeScheduleLedger(lake.Open());
        var (time, now) = (Start.AddMinutes(1), Start.AddMinutes(2));

        Assert.True(ledger.TryClaim("a", time, now));
        Assert.False(ledger.TryClaim("a", time, now));
        Assert.Equal([new ScheduleClaim("a", time, now)], ledger.Unsettled());
        ledger.Settle("a", time);

        Assert.Empty(ledger.Unsettled());
        Assert.False(ledger.TryClaim("a", time, now));
        Assert.False(ledger.TryClaim("a", time.AddSeconds(-1), now));
        Assert.Equal(new ScheduleStatus(time, Start, IsPaused: false), ledger.Status("a", now));
    }

    [Fact]
    public void A_paused_schedule_cannot_be_claimed_even_by_who_saw_it_before_the_pause()
    {
        using var lake = new LedgerLake(new WatchedClock(Start));
        var ledger = new LakeScheduleLedger(lake.Open());
        ledger.Pause("new", Start); // before any scheduler has seen it

        Assert.False(ledger.TryClaim("new", Start.AddMinutes(1), Start.AddMinutes(1)));
        ledger.Resume("new", Start.AddMinutes(5));
        ledger.Resume("new", Start.AddMinutes(9)); // was not paused: changes nothing

        Assert.Equal(new ScheduleStatus(null, Start.AddMinutes(5), IsPaused: false), ledger.Status("new", Start.AddHours(1)));
        Assert.False(ledger.TryClaim("new", Start.AddMinutes(4), Start.AddMinutes(6)));
        Assert.True(ledger.TryClaim("new", Start.AddMinutes(6), Start.AddMinutes(6)));
    }

    private static void FirstSeen(LedgerLake lake)
    {
        var ledger = new LakeScheduleLedger(lake.Open());
        foreach (var flow in Flows)
            ledger.Status(flow.Name, Start);
    }

    private sealed class ProcessKilledException : Exception;
}
