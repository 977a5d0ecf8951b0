using CsCheck;
using Finks.Orchestration.Scheduling;

namespace Finks.Orchestration.Tests.Scheduling;

public sealed class DueTimesTests
{
    private static readonly Gen<(Schedule Schedule, DateTimeOffset LastFired, DateTimeOffset Now, TimeSpan Punctual)> Sleeps = Gen
        .Select(ScheduleTests.Schedules, ScheduleTests.Times, Gen.Int[0, 20 * 86400], Gen.Int[0, 3600])
        .Select((schedule, last, slept, punctual) => (schedule, last, last.AddSeconds(slept), TimeSpan.FromSeconds(punctual)));

    [Fact]
    public void All_asked_again_and_again_gives_each_time_once_in_order_and_never_more_than_the_limit() => Gen.Select(Sleeps, Gen.Int[1, 9]).Sample((sleep, limit) =>
    {
        var (schedule, last, now, punctual) = sleep;
        var fired = new List<DateTimeOffset>();
        while (DueTimes.Of(schedule, fired.LastOrDefault(last), now, CatchUp.All, punctual, limit) is { Count: > 0 } due)
        {
            Assert.InRange(due.Count, 1, limit);
            fired.AddRange(due);
        }

        Assert.Equal(schedule.Occurrences(last, now), fired);
    });

    [Fact]
    public void Latest_gives_the_newest_time_for_all() => Sleeps.Sample(sleep =>
        Assert.Equal(sleep.Schedule.Occurrences(sleep.LastFired, sleep.Now).TakeLast(1), Due(sleep, CatchUp.Latest)));

    [Fact]
    public void Skip_gives_the_newest_time_unless_it_was_missed() => Sleeps.Sample(sleep =>
        Assert.Equal(Due(sleep, CatchUp.Latest).Where(t => t >= sleep.Now - sleep.Punctual), Due(sleep, CatchUp.Skip)));

    [Theory]
    [InlineData(CatchUp.Skip)]
    [InlineData(CatchUp.Latest)]
    [InlineData(CatchUp.All)]
    public void What_is_due_is_after_the_last_fired_and_not_in_the_future_and_once_fired_no_more(CatchUp policy) => Sleeps.Sample(sleep =>
    {
        var due = Due(sleep, policy);

        Assert.All(due, t => Assert.True(sleep.LastFired < t && t <= sleep.Now));
        if (due.Count is > 0 and < DueTimes.DefaultLimit)
            Assert.Empty(Due(sleep with { LastFired = due[^1] }, policy));
    });

    [Fact]
    public void Nothing_is_due_when_the_clock_was_set_back() => Sleeps.Sample(sleep =>
        Assert.Empty(Due(sleep with { LastFired = sleep.Now, Now = sleep.LastFired }, CatchUp.All)));

    private static IReadOnlyList<DateTimeOffset> Due((Schedule Schedule, DateTimeOffset LastFired, DateTimeOffset Now, TimeSpan Punctual) sleep, CatchUp policy) =>
        DueTimes.Of(sleep.Schedule, sleep.LastFired, sleep.Now, policy, sleep.Punctual);
}
