using Finks.Orchestration.Local;

namespace Finks.Orchestration.Tests.Engine;

/// <summary>Many tasks at once, and the limits that hold them back.</summary>
public sealed class MapTests(PostgresServer server)
{
    [Theory]
    [MemberData(nameof(FlowTests.Catalogs), MemberType = typeof(FlowTests))]
    public async Task A_thousand_mapped_tasks_under_a_limit_lose_and_double_no_state(string catalog)
    {
        const int Tasks = 1000, Slots = 7;
        await using var fixture = EngineFixture.On(catalog, server);
        ConcurrencySlots.Limit(fixture.Lake.Lake.Database, "vendor", Slots);
        int atWork = 0, most = 0;
        var flow = new TestFlow("map", async (context, _) =>
        {
            var results = await context.MapAsync(new TaskSpec("square") { Limits = ["vendor"], IsUnit = true }, [.. Enumerable.Range(0, Tasks)], i => $"{i}", async (_, i) =>
            {
                var now = Interlocked.Increment(ref atWork);
                InterlockedMax(ref most, now);
                await Task.Yield();
                Interlocked.Decrement(ref atWork);
                return i * i;
            }, atOnce: 50);
            Assert.Equal(Enumerable.Range(0, Tasks).Select(i => i * i), results.Select(r => r.Value));
        });

        var outcome = await fixture.WhileTurningAsync(fixture.RunAsync(flow));

        Assert.Null(outcome.Error);
        Assert.InRange(most, 2, Slots);
        var tree = fixture.Runs.Tree(outcome.Run.Id)!;
        Assert.Equal(Tasks, tree.Tasks.Count);
        Assert.All(tree.Tasks, t => Assert.Equal(["Pending", "Running", "Completed"], t.States.Select(s => s.Name)));
        Assert.Equal(0, fixture.Lake.Lake.Database.Read(r => r.Scalar<long>("SELECT count(*) FROM finks_concurrency_slot")));
    }

    [Fact]
    public async Task Slots_of_a_process_that_has_ended_are_free()
    {
        await using var fixture = new EngineFixture(new Finks.Lake.Tests.LakeFixture());
        await using var dead = fixture.Other(EngineFixture.Dead);
        ConcurrencySlots.Limit(fixture.Lake.Lake.Database, "one", 1);

        Assert.NotNull(await dead.Backend.TryAcquireAsync(["one"], Guid.Parse("00000000-0000-0000-0000-000000000001"), TestContext.Current.CancellationToken));
        await using var mine = await fixture.Backend.TryAcquireAsync(["one", "no such limit"], Guid.Parse("00000000-0000-0000-0000-000000000002"), TestContext.Current.CancellationToken);
        var third = await fixture.Backend.TryAcquireAsync(["one"], Guid.Parse("00000000-0000-0000-0000-000000000003"), TestContext.Current.CancellationToken);

        Assert.NotNull(mine);
        Assert.Null(third);
    }

    [Fact]
    public async Task All_items_of_a_map_are_run_before_the_failures_are_told()
    {
        await using var fixture = new EngineFixture(new Finks.Lake.Tests.LakeFixture());
        var ran = 0;
        var flow = new TestFlow("map", (context, _) => context.MapAsync<int, int>(new TaskSpec("odd"), [1, 2, 3, 4], i => $"{i}", (_, i) =>
        {
            Interlocked.Increment(ref ran);
            return i % 2 == 0 ? throw new IOException($"{i} is even") : Task.FromResult(i);
        }, atOnce: 2));

        var outcome = await fixture.RunAsync(flow);

        Assert.Equal(4, ran);
        Assert.Equal("2 of 4 runs of task odd failed; the first (2): 2 is even", outcome.Error!.Message);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen; seen = Volatile.Read(ref target))
        {
            if (Interlocked.CompareExchange(ref target, value, seen) == seen)
                return;
        }
    }
}
