using System.Text.Json.Nodes;
using Finks.Lake.Tests;
using Finks.Orchestration.Engine;
using Finks.Orchestration.Local;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Tests.Prefect;

/// <summary>Finks's engine with a real Prefect server that rules, and the real ledger beneath.</summary>
public sealed class EngineOnPrefectTests(PrefectServer server) : IDisposable
{
    private static readonly TaskSpec Stage = new("Stage") { Policy = new TaskPolicy { Retries = 1 } };
    private static readonly TaskSpec Call = new("Call") { IsUnit = true };

    private readonly LakeFixture _lake = new();

    [Fact]
    public async Task A_flow_with_stages_units_and_a_subflow_runs_fails_and_goes_on_from_what_is_finished()
    {
        await using var desk = NewDesk();
        int attempts = 0, calls = 0, children = 0;
        var broken = true;
        var child = new TestFlow("child", async (flow, _) => await flow.RunAsync(Stage, _ => Task.FromResult(++children), "of child"));
        var parent = new TestFlow("parent", async (flow, _) =>
        {
            await flow.RunAsync(Stage, _ => ++attempts == 1 ? throw new IOException("once") : Task.FromResult(attempts), "flaky");
            for (var i = 0; i < 100; i++)
                await flow.RunAsync(Call, _ => Task.FromResult(Interlocked.Increment(ref calls)), $"{i}");
            await flow.RunAsync(child, new NoParameters());
            if (broken)
                throw new IOException("the last step");
        });

        var run = await desk.Backend.CreateFlowRunAsync(new NewFlowRun { Flow = parent.Name, Name = "a run", Parameters = [] }, Desk.Stop);
        var first = await Engine(desk).RunAsync(parent, run, Desk.Stop);
        Assert.Equal((StateType.Failed, "the last step"), (first.Run.State.Type, first.Run.State.Message));

        broken = false;
        await using var other = NewDesk();
        var again = (await other.Backend.ReopenAsync(first.Run, Desk.Stop))!;
        var second = await Engine(other).RunAsync(parent, again, Desk.Stop);

        Assert.Equal(StateType.Completed, second.Run.State.Type);
        Assert.Equal((2, 100, 1), (attempts, calls, children));
        var stored = (await server.GetAsync($"/flow_runs/{run.Id}"))!;
        Assert.Equal(("COMPLETED", 2), (stored["state_type"]!.GetValue<string>(), stored["run_count"]!.GetValue<int>()));
        var tasks = (await server.PostAsync("/task_runs/filter", Of(run)))!.AsArray();
        Assert.Equal(["Stage-flaky", "child-0"], tasks.Select(t => t!["name"]!.GetValue<string>()).Order());
        Assert.All(tasks, task => Assert.Equal("COMPLETED", task!["state_type"]!.GetValue<string>()));
        Assert.Empty(desk.Warnings);
    }

    [Fact]
    public async Task The_server_rules_the_retries_of_a_flow()
    {
        await using var desk = NewDesk();
        var attempts = 0;
        var flow = new TestFlow("patient", async (f, _) =>
        {
            await f.RunAsync(Call, _ => Task.FromResult(0));
            if (++attempts == 1)
                throw new IOException("once");
        })
        { Again = 1, Pause = TimeSpan.Zero };
        var run = await desk.Backend.CreateFlowRunAsync(new NewFlowRun { Flow = flow.Name, Name = "a run", Parameters = [] }, Desk.Stop);

        var outcome = await Engine(desk).RunAsync(flow, run, Desk.Stop);

        Assert.Equal((StateType.Completed, 2), (outcome.Run.State.Type, attempts));
        Assert.Equal(2, (await server.GetAsync($"/flow_runs/{run.Id}"))!["run_count"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_cancel_on_the_server_stops_the_work_and_ends_the_run_and_its_subflow()
    {
        await using var desk = NewDesk();
        var begun = new TaskCompletionSource();
        var child = new TestFlow("endless", async (f, _) => await f.RunAsync(Stage, async task =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, desk.Clock, task.Cancellation);
            return 0;
        }));
        var flow = new TestFlow("outer", (f, _) => f.RunAsync(child, new NoParameters()));
        var run = await desk.Backend.CreateFlowRunAsync(new NewFlowRun { Flow = flow.Name, Name = "a run", Parameters = [] }, Desk.Stop);
        var engine = new FlowEngine(desk.Backend, desk.Clock, desk.Ids, new SeenRuns()) { Stopped = RunState.Crashed("told to end") };
        var work = engine.RunAsync(flow, run, Desk.Stop);
        await begun.Task;

        await server.PostAsync($"/flow_runs/{run.Id}/set_state", new JsonObject { ["state"] = new JsonObject { ["type"] = "CANCELLING" } });

        Assert.Equal(StateType.Cancelled, (await work).Run.State.Type);
        Assert.Equal("CANCELLED", (await server.GetAsync($"/flow_runs/{run.Id}"))!["state_type"]!.GetValue<string>());
        var tracking = Assert.Single((await server.PostAsync("/task_runs/filter", Of(run)))!.AsArray());
        var subflow = (await desk.Backend.FindSubflowRunAsync(tracking!["id"]!.GetValue<Guid>(), Desk.Stop))!;
        Assert.Equal(("CANCELLED", StateType.Cancelled), (tracking["state_type"]!.GetValue<string>(), subflow.State.Type));
        var task = Assert.Single((await server.PostAsync("/task_runs/filter", Of(subflow)))!.AsArray());
        Assert.Equal("CANCELLED", task!["state_type"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_cancel_in_the_ledger_ends_the_run_on_the_server_and_not_the_one_that_goes_on_later()
    {
        await using var desk = NewDesk();
        var begun = new TaskCompletionSource();
        var flow = new TestFlow("endless", async (f, _) => await f.RunAsync(Stage, async task =>
        {
            if (begun.TrySetResult())
                await Task.Delay(Timeout.InfiniteTimeSpan, desk.Clock, task.Cancellation);
            return 0;
        }));
        var run = await desk.Backend.CreateFlowRunAsync(new NewFlowRun { Flow = flow.Name, Name = "a run", Parameters = [] }, Desk.Stop);
        var work = Engine(desk).RunAsync(flow, run, Desk.Stop);
        await begun.Task;
        await using (var other = new LocalBackend(_lake.Lake.Database, desk.Clock, desk.Ids, new Random(2)))
            Assert.Equal(StateType.Cancelling, other.Cancel(run.Id, "by a command")!.Type);

        var first = await work;
        var second = await Engine(desk).RunAsync(flow, (await desk.Backend.ReopenAsync(first.Run, Desk.Stop))!, Desk.Stop);

        Assert.Equal((StateType.Cancelled, StateType.Completed), (first.Run.State.Type, second.Run.State.Type));
        Assert.Equal("COMPLETED", (await server.GetAsync($"/flow_runs/{run.Id}"))!["state_type"]!.GetValue<string>());
        Assert.Equal(RunSignal.Lost, await desk.Backend.BeatAsync(second.Run, Desk.Stop));
    }

    [Fact]
    public async Task A_run_is_heard_of_while_it_waits_for_its_retry_and_can_be_cancelled_then()
    {
        await using var desk = NewDesk();
        var flow = new TestFlow("patient", (_, _) => throw new IOException("not yet")) { Again = 1, Pause = TimeSpan.FromHours(1) };
        var run = await desk.Backend.CreateFlowRunAsync(new NewFlowRun { Flow = flow.Name, Name = "a run", Parameters = [] }, Desk.Stop);
        var work = Engine(desk).RunAsync(flow, run, Desk.Stop);
        while ((await server.GetAsync($"/flow_runs/{run.Id}"))!["state_name"]!.GetValue<string>() != StateNames.AwaitingRetry)
            await Task.Yield();

        await server.PostAsync($"/flow_runs/{run.Id}/set_state", new JsonObject { ["state"] = new JsonObject { ["type"] = "CANCELLING" } });

        Assert.Equal(StateType.Cancelled, (await work).Run.State.Type);
        Assert.Equal("CANCELLED", (await server.GetAsync($"/flow_runs/{run.Id}"))!["state_type"]!.GetValue<string>());
    }

    public void Dispose() => _lake.Dispose();

    private static JsonObject Of(FlowRun run) =>
        new() { ["flow_runs"] = new JsonObject { ["id"] = new JsonObject { ["any_"] = new JsonArray($"{run.Id}") } } };

    private static FlowEngine Engine(Desk desk) => new(desk.Backend, desk.Clock, desk.Ids, new SeenRuns());

    private Desk NewDesk() => new(
        server, new() { BeatInterval = TimeSpan.FromMilliseconds(500) },
        ids => new LocalBackend(_lake.Lake.Database, new RealClock(), ids, new Random(1)));
}
