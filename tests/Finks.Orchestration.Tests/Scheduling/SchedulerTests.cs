using Finks.Lake;
using Finks.Orchestration.Scheduling;
using static Finks.Orchestration.Tests.Scheduling.SchedulerFixture;

namespace Finks.Orchestration.Tests.Scheduling;

public sealed class SchedulerTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 9, 0, 30, TimeSpan.Zero);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly WatchedClock _clock = new(Start);
    private readonly LedgerLake _lake;

    public SchedulerTests() => _lake = new LedgerLake(_clock);

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task A_flow_runs_at_each_of_its_times_and_at_no_other()
    {
        await using var scheduler = Scheduler(Flow("hourly", "cron: 0 * * * *"));

        await scheduler.StartIdleAsync();
        for (var i = 0; i < 150; i++)
            await scheduler.AdvanceAsync(Minute);

        Assert.Equal(["hourly@2026-11-23T10:00:00.000000Z", "hourly@2026-11-23T11:00:00.000000Z"], scheduler.Fired);
    }

    [Fact]
    public async Task The_clock_is_read_at_the_next_time_and_at_least_once_a_minute()
    {
        await using var scheduler = Scheduler(Flow("quarterly", "every: 15m"));

        Assert.Equal(Minute, await scheduler.StartIdleAsync());
        Assert.Equal(TimeSpan.FromSeconds(30), await scheduler.AdvanceAsync(TimeSpan.FromMinutes(14)));
        Assert.Equal(Minute, await scheduler.AdvanceAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(["quarterly@2026-11-23T09:15:00.000000Z"], scheduler.Fired);
    }

    [Theory]
    [InlineData(CatchUp.Skip, new string[0])]
    [InlineData(CatchUp.Latest, new[] { "23T17" })]
    [InlineData(CatchUp.All, new[] { "23T10", "23T11", "23T12", "23T13", "23T14", "23T15", "23T16", "23T17" })]
    public async Task Times_that_passed_while_the_machine_slept_are_caught_up_by_policy(CatchUp policy, string[] hours)
    {
        await using var scheduler = Scheduler(Flow("hourly", "cron: 0 * * * *", policy));

        await scheduler.StartIdleAsync();
        await scheduler.AdvanceAsync(TimeSpan.FromHours(8.5));

        Assert.Equal(hours.Select(hour => $"hourly@2026-11-{hour}:00:00.000000Z"), scheduler.Fired);
        await scheduler.AdvanceAsync(TimeSpan.FromMinutes(29.5));
        Assert.Equal("hourly@2026-11-23T18:00:00.000000Z", scheduler.Fired.Last());
    }

    [Fact]
    public async Task Work_before_a_sleep_does_not_make_its_times_punctual()
    {
        await using var scheduler = Scheduler(Flow("hourly", "cron: 0 * * * *", CatchUp.Skip));

        await scheduler.StartIdleAsync();
        await scheduler.AdvanceAsync(TimeSpan.FromMinutes(59.5));
        await scheduler.AdvanceAsync(TimeSpan.FromHours(8.5));

        Assert.Equal(["hourly@2026-11-23T10:00:00.000000Z"], scheduler.Fired);
    }

    [Fact]
    public async Task Times_that_passed_while_no_process_ran_are_caught_up_too_but_none_before_the_schedule_was_first_seen()
    {
        var flow = Flow("hourly", "cron: 0 * * * *", CatchUp.All);
        await using (var first = Scheduler(flow))
            await first.StartIdleAsync();
        _clock.Advance(TimeSpan.FromHours(2));
        await using var second = Scheduler(flow);

        await second.StartIdleAsync();

        Assert.Equal(["hourly@2026-11-23T10:00:00.000000Z", "hourly@2026-11-23T11:00:00.000000Z"], second.Fired);
    }

    [Fact]
    public async Task What_became_due_while_another_flow_ran_was_not_missed()
    {
        await using var scheduler = new SchedulerFixture(
            _clock, new LakeScheduleLedger(_lake.Open()), [Flow("long", "cron: 0 10 * * *"), Flow("short", "cron: 10 10 * * *", CatchUp.Skip)], (run, _) =>
            {
                if (run.Flow.Name == "long")
                    _clock.Advance(TimeSpan.FromHours(1));
                return Task.CompletedTask;
            });

        await scheduler.StartIdleAsync();
        await scheduler.AdvanceAsync(TimeSpan.FromMinutes(59.5));

        Assert.Equal(["long@2026-11-23T10:00:00.000000Z", "short@2026-11-23T10:10:00.000000Z"], scheduler.Fired);
    }

    [Fact]
    public async Task Runs_follow_one_another_in_the_order_of_their_times()
    {
        var running = 0;
        await using var scheduler = new SchedulerFixture(
            _clock,
            new LakeScheduleLedger(_lake.Open()),
            [Flow("c", "every: 30m", CatchUp.All), Flow("a", "every: 20m", CatchUp.All), Flow("b", "cron: 25 * * * *")],
            async (_, _) =>
            {
                Assert.Equal(1, Interlocked.Increment(ref running));
                await Task.Yield();
                Interlocked.Decrement(ref running);
            });

        await scheduler.StartIdleAsync();
        await scheduler.AdvanceAsync(TimeSpan.FromMinutes(45));

        Assert.Empty(scheduler.Problems);
        Assert.Equal(["a@09:20", "b@09:25", "c@09:30", "a@09:40"], scheduler.Fired.Select(key => key.Replace("2026-11-23T", "")[..7]));
    }

    [Fact]
    public async Task A_run_that_fails_is_reported_and_the_others_go_on()
    {
        await using var scheduler = new SchedulerFixture(
            _clock, new LakeScheduleLedger(_lake.Open()), [Flow("bad", "every: 1h"), Flow("good", "every: 1h")],
            (run, _) => run.Flow.Name == "bad" ? throw new InvalidOperationException("FMP refused the key.") : Task.CompletedTask);

        await scheduler.StartIdleAsync();
        for (var i = 0; i < 2; i++)
            await scheduler.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal(["bad@10", "good@10", "bad@11", "good@11"], scheduler.Fired.Select(key => key.Replace("2026-11-23T", "").Split(':')[0]));
        Assert.Equal(
            ["bad@2026-11-23T10:00:00.000000Z failed: FMP refused the key.", "bad@2026-11-23T11:00:00.000000Z failed: FMP refused the key."],
            scheduler.Problems.Select(p => p.Message));
        Assert.Empty(new LakeScheduleLedger(_lake.Open()).Unsettled());
    }

    [Fact]
    public async Task A_ledger_that_fails_is_reported_and_asked_again_within_a_minute()
    {
        var fails = false;
        var database = _lake.Open(_ => { if (fails) throw new LakeException("The disk is full."); });
        await using var scheduler = new SchedulerFixture(_clock, new LakeScheduleLedger(database), [Flow("hourly", "every: 1h")]);

        await scheduler.StartIdleAsync();
        fails = true;
        Assert.InRange(await scheduler.AdvanceAsync(TimeSpan.FromHours(1)), TimeSpan.Zero, Minute);
        Assert.Empty(scheduler.Fired);
        fails = false;
        await scheduler.AdvanceAsync(Minute);

        Assert.Equal(["hourly@2026-11-23T10:00:00.000000Z"], scheduler.Fired);
        Assert.All(scheduler.Problems, p => Assert.Equal("The disk is full.", p.Cause.Message));
        Assert.NotEmpty(scheduler.Problems);
    }

    [Fact]
    public async Task A_paused_schedule_fires_nothing_and_after_the_pause_only_what_is_to_come()
    {
        var ledger = new LakeScheduleLedger(_lake.Open());
        await using var scheduler = Scheduler(Flow("hourly", "every: 1h", CatchUp.All));

        await scheduler.StartIdleAsync();
        ledger.Pause("hourly", _clock.GetUtcNow());
        await scheduler.AdvanceAsync(TimeSpan.FromHours(3));
        Assert.Empty(scheduler.Fired);
        ledger.Resume("hourly", _clock.GetUtcNow());
        await scheduler.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal(["hourly@2026-11-23T13:00:00.000000Z"], scheduler.Fired);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_fires_nothing_again()
    {
        var flow = Flow("hourly", "every: 1h", CatchUp.All);
        await using (var scheduler = Scheduler(flow))
        {
            await scheduler.StartIdleAsync();
            await scheduler.AdvanceAsync(TimeSpan.FromHours(2));
        }

        var clock = new WatchedClock(Start);
        await using var back = new SchedulerFixture(clock, new LakeScheduleLedger(_lake.Open()), [flow]);
        await back.StartIdleAsync();
        await back.AdvanceAsync(TimeSpan.FromHours(2));
        Assert.Empty(back.Fired);
        await back.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal(["hourly@2026-11-23T12:00:00.000000Z"], back.Fired);
    }

    [Fact]
    public async Task Stopped_it_ends_without_a_word_and_leaves_the_run_that_was_stopped_to_be_resumed()
    {
        var begun = new TaskCompletionSource();
        await using var scheduler = new SchedulerFixture(_clock, new LakeScheduleLedger(_lake.Open()), [Flow("hourly", "every: 1h")], async (_, cancellation) =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, _clock, cancellation);
        });

        await scheduler.StartIdleAsync();
        _clock.Advance(TimeSpan.FromHours(1));
        await begun.Task.WaitAsync(TestContext.Current.CancellationToken);
        scheduler.Stop();
        await scheduler.Ended;

        Assert.Empty(scheduler.Problems);
        Assert.Equal(["hourly"], new LakeScheduleLedger(_lake.Open()).Unsettled().Select(c => c.Name));
    }

    [Fact]
    public async Task A_run_that_has_not_ended_stays_for_whoever_resumes_which_comes_first_at_each_look()
    {
        List<string> order = [];
        var left = 0;
        await using var scheduler = new SchedulerFixture(
            _clock, new LakeScheduleLedger(_lake.Open()), [Flow("going", "every: 1h"), Flow("other", "every: 1h")],
            (run, _) =>
            {
                order.Add(run.Flow.Name);
                left = run.Flow.Name == "going" ? 1 : 0;
                return Task.CompletedTask;
            },
            _ =>
            {
                if (left == 0)
                    return Task.FromResult(false);
                order.Add("resumed");
                left = 0;
                return Task.FromResult(true);
            });
        scheduler.Unended.Add("going");

        await scheduler.StartIdleAsync();
        await scheduler.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal(["going", "resumed", "other"], order);
        Assert.Equal(["going"], new LakeScheduleLedger(_lake.Open()).Unsettled().Select(c => c.Name));
    }

    [Fact]
    public async Task A_resume_that_fails_is_reported_and_what_is_due_runs_all_the_same()
    {
        await using var scheduler = new SchedulerFixture(
            _clock, new LakeScheduleLedger(_lake.Open()), [Flow("hourly", "every: 1h")], resume: _ => throw new LakeException("The disk is full."));

        await scheduler.StartIdleAsync();
        await scheduler.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal(["hourly@2026-11-23T10:00:00.000000Z"], scheduler.Fired);
        Assert.All(scheduler.Problems, p => Assert.Equal("The disk is full.", p.Cause.Message));
        Assert.NotEmpty(scheduler.Problems);
    }

    [Fact]
    public void Two_flows_of_one_name_are_refused()
    {
        var error = Assert.Throws<ScheduleException>(() => Scheduler(Flow("daily", "every: 1h"), Flow("daily", "every: 2h")));

        Assert.Contains("'daily'", error.Message, StringComparison.Ordinal);
    }

    private SchedulerFixture Scheduler(params ScheduledFlow[] flows) => new(_clock, new LakeScheduleLedger(_lake.Open()), flows);
}
