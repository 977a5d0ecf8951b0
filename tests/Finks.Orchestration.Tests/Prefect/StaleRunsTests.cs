using System.Text.Json.Nodes;
using Finks.Orchestration.Prefect.Workers;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;
using Microsoft.Extensions.Time.Testing;

namespace Finks.Orchestration.Tests.Prefect;

public sealed class StaleRunsTests(PrefectServer server)
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromDays(1);

    [Fact]
    public async Task A_run_whose_process_is_gone_is_crashed_or_cancelled_as_it_stood()
    {
        await using var desk = new Desk(server);
        var running = await DeadAsync(desk, await desk.BegunAsync());
        var cancelling = await DeadAsync(desk, await desk.BegunAsync());
        await server.PostAsync($"/flow_runs/{cancelling.Id}/set_state", new JsonObject { ["state"] = new JsonObject { ["type"] = "CANCELLING" } });
        var alive = await desk.BegunAsync();

        var swept = await new StaleRuns(desk.Client, desk.Clock, desk.Ids).SweepAsync(LongEnough, Desk.Stop);

        var ours = swept.Where(s => s.Id == running.Id || s.Id == cancelling.Id || s.Id == alive.Id).ToDictionary(s => s.Id);
        Assert.Equal(2, ours.Count);
        Assert.Equal((StateType.Running, StateType.Crashed), (ours[running.Id].Was, ours[running.Id].Became));
        Assert.Equal((StateType.Cancelling, StateType.Cancelled), (ours[cancelling.Id].Was, ours[cancelling.Id].Became));
        Assert.Matches("Its process .* ended without a word", ours[running.Id].Reason);
        Assert.Equal(ours[running.Id].Reason, (await desk.Backend.FindFlowRunAsync(running.Id, Desk.Stop))!.State.Message);
        Assert.Equal(StateType.Running, (await desk.Backend.FindFlowRunAsync(alive.Id, Desk.Stop))!.State.Type);
        Desk.Accepted(await desk.ProposeAsync(alive, RunState.Completed()), StateType.Completed);
    }

    [Fact]
    public async Task A_silent_run_is_crashed_and_one_with_a_heartbeat_is_not()
    {
        await using var desk = new Desk(server);
        var silent = await desk.BegunAsync();
        var speaking = await desk.BegunAsync();
        await desk.Client.UpdateFlowRunAsync(silent.Id, new(InfrastructurePid: "elsewhere:1"), Desk.Stop);
        // The server keeps microseconds.
        var now = desk.Clock.GetUtcNow();
        var lastBeat = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
        var clock = new FakeTimeProvider(lastBeat + LongEnough);
        var beat = new JsonObject
        {
            ["id"] = desk.Ids.Next().ToString(),
            ["occurred"] = lastBeat.ToString("O"),
            ["event"] = "prefect.flow-run.heartbeat",
            ["resource"] = new JsonObject { ["prefect.resource.id"] = $"prefect.flow-run.{speaking.Id}" },
        };
        await server.PostAsync("/events", new JsonArray(beat));
        while (await desk.Client.LastEventAsync("prefect.flow-run.heartbeat", $"prefect.flow-run.{speaking.Id}", Desk.Stop) is null)
            await Task.Yield();

        // Of these alone: by a clock that is a day ahead the runs of tests beside this one are silent as well.
        var mine = await new StaleRuns(desk.Client, clock, desk.Ids).SweepAsync([silent.Id, speaking.Id], LongEnough, Desk.Stop);

        Assert.Equal((silent.Id, StateType.Crashed), (Assert.Single(mine).Id, mine[0].Became));
        Assert.StartsWith("No sign of life since ", mine[0].Reason, StringComparison.Ordinal);
        Assert.Equal(StateType.Running, (await desk.Backend.FindFlowRunAsync(speaking.Id, Desk.Stop))!.State.Type);
    }

    [Fact]
    public async Task A_run_whose_process_died_while_it_waited_for_its_retry_is_crashed()
    {
        await using var desk = new Desk(server);
        var run = await desk.CreateAsync() with { Retries = 1, RetryDelay = TimeSpan.FromHours(1) };
        Desk.Accepted(await desk.ProposeAsync(run, RunState.Running()), StateType.Running);
        Desk.Rejected(await desk.ProposeAsync(run, RunState.Failed("boom")), StateType.Scheduled);
        await DeadAsync(desk, run);

        var swept = await new StaleRuns(desk.Client, desk.Clock, desk.Ids).SweepAsync(LongEnough, Desk.Stop);

        Assert.Equal((StateType.Scheduled, StateType.Crashed), swept.Where(s => s.Id == run.Id).Select(s => (s.Was, s.Became)).Single());
    }

    [Fact]
    public async Task A_run_of_a_deployment_of_Finks_that_was_taken_and_never_begun_is_crashed()
    {
        await using var desk = new Desk(server);
        var flow = await server.PostAsync("/flows/", new JsonObject { ["name"] = $"taken-{desk.Ids.Next()}" });
        var run = await server.PostAsync("/flow_runs/", new JsonObject
        {
            ["flow_id"] = flow!["id"]!.GetValue<string>(),
            ["tags"] = new JsonArray("finks:test"),
            ["state"] = new JsonObject { ["type"] = "PENDING" },
        });
        var clock = new FakeTimeProvider(desk.Clock.GetUtcNow() + LongEnough + TimeSpan.FromMinutes(1));

        var swept = await new StaleRuns(desk.Client, clock, desk.Ids).SweepAsync([run!["id"]!.GetValue<Guid>()], LongEnough, Desk.Stop);

        Assert.Equal((StateType.Pending, StateType.Crashed), (Assert.Single(swept).Was, swept[0].Became));
    }

    [Fact]
    public async Task A_silent_run_of_another_engine_is_left_alone()
    {
        await using var desk = new Desk(server);
        var flow = await server.PostAsync("/flows/", new JsonObject { ["name"] = $"python-{desk.Ids.Next()}" });
        var run = await server.PostAsync("/flow_runs/", new JsonObject
        {
            ["flow_id"] = flow!["id"]!.GetValue<string>(),
            ["state"] = new JsonObject { ["type"] = "RUNNING" },
        });
        var clock = new FakeTimeProvider(desk.Clock.GetUtcNow() + LongEnough + TimeSpan.FromMinutes(1));
        var found = (await desk.Client.FindFlowRunAsync(run!["id"]!.GetValue<Guid>(), Desk.Stop))!;

        Assert.Null(await new Liveness(desk.Client, clock).WhyDeadAsync(found, LongEnough, Desk.Stop));
    }

    private static async Task<FlowRun> DeadAsync(Desk desk, FlowRun run)
    {
        await desk.Client.UpdateFlowRunAsync(run.Id, new(InfrastructurePid: PrefectBackendTests.DeadPid()), Desk.Stop);
        return run;
    }
}
