using System.Text.Json.Nodes;
using Finks.Orchestration.Engine;
using Finks.Orchestration.Local;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Tests.Engine;

/// <summary>Flows on the local backend, with its runs on SQLite and on PostgreSQL.</summary>
public sealed class FlowTests(PostgresServer server)
{
    public static TheoryData<string> Catalogs => ["sqlite", "postgres"];

    [Theory]
    [MemberData(nameof(Catalogs))]
    public async Task A_run_keeps_its_states_tasks_edges_logs_and_artifacts(string catalog)
    {
        await using var fixture = EngineFixture.On(catalog, server);
        var flow = new TestFlow("sum", async (context, _) =>
        {
            var one = await context.RunAsync(new TaskSpec("one"), task =>
            {
                task.Log(LogLevel.Info, "one is one");
                task.Put(new Artifact.Progress("progress", 0.5));
                task.Put(new Artifact.Progress("progress", 1));
                return Task.FromResult(1);
            });
            var two = await context.RunAsync(new TaskSpec("two") { Tags = ["even"] }, _ => Task.FromResult(one.Value + 1), null, one);
            context.Put(new Artifact.Markdown("report", $"**{two.Value}**", "The sum."));
        });

        var outcome = await fixture.RunAsync(flow);

        Assert.Null(outcome.Error);
        var tree = fixture.Runs.Tree(outcome.Run.Id)!;
        Assert.Equal(("sum", StateType.Completed, 1), (tree.Run.Flow, tree.Run.State.Type, tree.Run.RunCount));
        Assert.Equal(["Scheduled", "Pending", "Running", "Completed"], tree.States.Select(s => s.Name));
        Assert.Equal(["one", "two"], tree.Tasks.Select(t => t.Run.Task));
        Assert.All(tree.Tasks, t => Assert.Equal(["Pending", "Running", "Completed"], t.States.Select(s => s.Name)));
        Assert.Equal([tree.Tasks[0].Run.Id], tree.Tasks[1].Run.Inputs);
        Assert.Equal("2", tree.Tasks[1].Run.State.Result);
        Assert.Equal(["one is one"], tree.Log.Select(l => l.Message));
        Assert.Equal([("progress", "1"), ("report", "**2**")], tree.Artifacts.Select(a => (a.Key, a.Data)).Order());
        Assert.Equal(["sum started", "one 0 started", "one 0 Completed", "two 0 started", "two 0 Completed", "sum Completed"], fixture.Seen.Events);
    }

    [Theory]
    [MemberData(nameof(Catalogs))]
    public async Task A_task_that_fails_twice_and_then_succeeds_is_tried_three_times_with_the_pauses_of_its_policy(string catalog)
    {
        await using var fixture = EngineFixture.On(catalog, server);
        var times = new List<DateTimeOffset>();
        var policy = new TaskPolicy { Retries = 2, RetryDelays = TaskSpec.Backoff(TimeSpan.FromSeconds(1), 2, factor: 5) };
        var flow = new TestFlow("shaky", (context, _) => context.RunAsync(new TaskSpec("shaky") { Policy = policy }, _ =>
        {
            times.Add(fixture.Clock.GetUtcNow());
            return times.Count < 3 ? throw new IOException($"attempt {times.Count}") : Task.FromResult("done");
        }));

        var outcome = await fixture.WhileTurningAsync(fixture.RunAsync(flow));

        Assert.Equal(StateType.Completed, outcome.Run.State.Type);
        Assert.InRange(times[1] - times[0], TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4.9));
        Assert.True(times[2] - times[1] >= TimeSpan.FromSeconds(5));
        var task = Assert.Single(fixture.Runs.Tree(outcome.Run.Id)!.Tasks);
        Assert.Equal(["Pending", "Running", "AwaitingRetry", "Retrying", "AwaitingRetry", "Retrying", "Completed"], task.States.Select(s => s.Name));
        Assert.Equal("attempt 1", task.States[2].Message);
        Assert.Equal(3, task.Run.RunCount);
    }

    [Fact]
    public async Task An_error_that_cannot_pass_is_not_tried_again_and_fails_the_flow_with_its_own_exception()
    {
        await using var fixture = new EngineFixture(new Finks.Lake.Tests.LakeFixture());
        var attempts = 0;
        var spec = new TaskSpec("strict") { Policy = new TaskPolicy { Retries = 5 }, IsTransient = e => e is IOException };
        var flow = new TestFlow("strict", (context, _) => context.RunAsync<int>(spec, _ => throw new FormatException($"attempt {++attempts} is wrong")));

        var outcome = await fixture.RunAsync(flow);

        Assert.IsType<FormatException>(outcome.Error);
        Assert.Equal((1, StateType.Failed, "attempt 1 is wrong"), (attempts, outcome.Run.State.Type, outcome.Run.State.Message));
        Assert.Contains(fixture.Runs.Tree(outcome.Run.Id)!.Log, l => l.Level == LogLevel.Error && l.Message == "attempt 1 is wrong");
    }

    [Theory]
    [MemberData(nameof(Catalogs))]
    public async Task A_flow_is_tried_again_without_its_finished_tasks(string catalog)
    {
        await using var fixture = EngineFixture.On(catalog, server);
        int first = 0, second = 0;
        var flow = new TestFlow("again", async (context, _) =>
        {
            await context.RunAsync(new TaskSpec("first"), _ => Task.FromResult(++first));
            await context.RunAsync(new TaskSpec("second"), _ => ++second < 3 ? throw new IOException("not yet") : Task.FromResult(second));
        })
        { Again = 2 };

        var outcome = await fixture.WhileTurningAsync(fixture.RunAsync(flow));

        Assert.Equal((StateType.Completed, 3, 1, 3), (outcome.Run.State.Type, outcome.Run.RunCount, first, second));
        var tree = fixture.Runs.Tree(outcome.Run.Id)!;
        Assert.Equal(["Scheduled", "Pending", "Running", "AwaitingRetry", "Retrying", "AwaitingRetry", "Retrying", "Completed"], tree.States.Select(s => s.Name));
    }

    [Fact]
    public async Task A_run_that_waits_for_its_retry_stays_with_its_process_and_can_be_cancelled()
    {
        await using var fixture = new EngineFixture(new Finks.Lake.Tests.LakeFixture());
        await using var other = fixture.Other(RunProcess.Current with { Machine = "elsewhere" });
        var flow = new TestFlow("patient", (_, _) => throw new IOException("not yet")) { Again = 1, Pause = TimeSpan.FromHours(1) };
        var run = await fixture.CreateAsync(flow);
        var work = fixture.Engine.RunAsync(flow, run, TestContext.Current.CancellationToken);
        for (var beat = 0; beat < 150; beat++)
            await BeatenAsync(fixture, run.Id);

        Assert.Equal("AwaitingRetry", fixture.Runs.Tree(run.Id)!.Run.State.Name);
        Assert.Empty(other.Backend.Sweep());
        Assert.Null(other.Backend.Reopen(run.Id));
        fixture.Backend.Cancel(run.Id, "a test");
        var outcome = await fixture.WhileTurningAsync(work);

        Assert.IsAssignableFrom<OperationCanceledException>(outcome.Error);
        Assert.Equal(["Scheduled", "Pending", "Running", "AwaitingRetry", "Cancelling", "Cancelled"], fixture.Runs.Tree(run.Id)!.States.Select(s => s.Name));
    }

    [Fact]
    public async Task A_task_that_takes_too_long_is_told_to_stop_and_shows_as_timed_out()
    {
        await using var fixture = new EngineFixture(new Finks.Lake.Tests.LakeFixture());
        var spec = new TaskSpec("slow") { Timeout = TimeSpan.FromSeconds(3) };
        var flow = new TestFlow("slow", (context, _) => context.RunAsync(spec, async task =>
        {
            await Task.Delay(TimeSpan.FromHours(1), fixture.Clock, task.Cancellation);
            return 1;
        }));

        var outcome = await fixture.WhileTurningAsync(fixture.RunAsync(flow));

        Assert.IsType<TimeoutException>(outcome.Error);
        Assert.Equal("TimedOut", Assert.Single(fixture.Runs.Tree(outcome.Run.Id)!.Tasks).Run.State.Name);
        Assert.Equal(StateType.Failed, outcome.Run.State.Type);
    }

    [Fact]
    public async Task A_flow_that_takes_too_long_shows_as_timed_out()
    {
        await using var fixture = new EngineFixture(new Finks.Lake.Tests.LakeFixture());
        var flow = new TestFlow("slow", (context, _) => Task.Delay(TimeSpan.FromHours(1), fixture.Clock, context.Cancellation)) { Limit = TimeSpan.FromSeconds(5) };

        var outcome = await fixture.WhileTurningAsync(fixture.RunAsync(flow));

        Assert.Equal("TimedOut", outcome.Run.State.Name);
    }

    [Theory]
    [MemberData(nameof(Catalogs))]
    public async Task A_request_to_cancel_stops_the_work_and_its_subflows(string catalog)
    {
        await using var fixture = EngineFixture.On(catalog, server);
        var begun = new TaskCompletionSource();
        var inner = new TestFlow("inner", (context, _) => context.RunAsync(new TaskSpec("endless"), async task =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, fixture.Clock, task.Cancellation);
            return 1;
        }));
        var flow = new TestFlow("outer", (context, _) => context.RunAsync(inner, new NoParameters()));
        var run = await fixture.CreateAsync(flow);
        var work = fixture.Engine.RunAsync(flow, run, TestContext.Current.CancellationToken);
        await begun.Task;

        Assert.Equal(StateType.Cancelling, fixture.Backend.Cancel(run.Id, "a test")!.Type);
        var outcome = await fixture.WhileTurningAsync(work);

        Assert.Equal(StateType.Cancelled, outcome.Run.State.Type);
        var tree = fixture.Runs.Tree(run.Id)!;
        Assert.Equal(["Scheduled", "Pending", "Running", "Cancelling", "Cancelled"], tree.States.Select(s => s.Name));
        var subflow = Assert.Single(tree.Tasks);
        Assert.Equal((StateType.Cancelled, StateType.Cancelled), (subflow.Run.State.Type, subflow.Subflow!.Run.State.Type));
        Assert.Equal(StateType.Cancelled, Assert.Single(subflow.Subflow.Tasks).Run.State.Type);
    }

    [Fact]
    public async Task A_run_that_nobody_has_begun_is_cancelled_at_once()
    {
        await using var fixture = new EngineFixture(new Finks.Lake.Tests.LakeFixture());
        var flow = new TestFlow("later", (_, _) => throw new InvalidOperationException("It ran."));
        var run = await fixture.CreateAsync(flow);

        Assert.Equal(StateType.Cancelled, fixture.Backend.Cancel(run.Id, "not wanted")!.Type);
        var outcome = await fixture.Engine.RunAsync(flow, run, TestContext.Current.CancellationToken);

        Assert.Equal((StateType.Cancelled, 0), (outcome.Run.State.Type, outcome.Run.RunCount));
    }

    [Theory]
    [MemberData(nameof(Catalogs))]
    public async Task Of_two_processes_only_one_works_on_a_run(string catalog)
    {
        await using var fixture = EngineFixture.On(catalog, server);
        await using var other = fixture.Other(RunProcess.Current with { Machine = "elsewhere" });
        var ran = 0;
        var flow = new TestFlow("once", (context, _) => context.RunAsync(new TaskSpec("once"), _ => Task.FromResult(Interlocked.Increment(ref ran))));
        for (var i = 0; i < 20; i++)
        {
            var run = await fixture.CreateAsync(flow);
            await Task.WhenAll(
                Task.Run(() => fixture.Engine.RunAsync(flow, run, TestContext.Current.CancellationToken)),
                Task.Run(() => other.Engine.RunAsync(flow, run, TestContext.Current.CancellationToken)));
            var tree = fixture.Runs.Tree(run.Id)!;
            Assert.Equal((StateType.Completed, 1), (tree.Run.State.Type, tree.Run.RunCount));
        }

        Assert.Equal(20, ran);
    }

    [Fact]
    public async Task A_run_that_this_process_works_on_cannot_be_reopened()
    {
        await using var fixture = new EngineFixture(new Finks.Lake.Tests.LakeFixture());
        var (begun, end) = (new TaskCompletionSource(), new TaskCompletionSource<int>());
        var flow = new TestFlow("once", (context, _) => context.RunAsync(new TaskSpec("once"), _ =>
        {
            begun.SetResult();
            return end.Task;
        }));
        var run = await fixture.CreateAsync(flow);
        var work = fixture.Engine.RunAsync(flow, run, TestContext.Current.CancellationToken);
        await begun.Task;

        var reopened = fixture.Backend.Reopen(run.Id);
        end.SetResult(1);

        Assert.Null(reopened);
        Assert.Equal(StateType.Completed, (await work).Run.State.Type);
    }

    [Theory]
    [MemberData(nameof(Catalogs))]
    public async Task A_run_whose_process_was_killed_goes_on_from_its_finished_tasks(string catalog)
    {
        await using var fixture = EngineFixture.On(catalog, server);
        await using var dead = fixture.Other(EngineFixture.Dead);
        var ran = new List<string>();
        var die = true;
        var never = new TaskCompletionSource<int>();
        var reached = new TaskCompletionSource();
        var inner = new TestFlow("inner", async (context, _) =>
        {
            await context.RunAsync(new TaskSpec("a"), _ => Done("a"));
            await context.RunAsync(new TaskSpec("b"), _ =>
            {
                if (!die)
                    return Done("b");
                reached.SetResult();
                return never.Task;
            });
        });
        var flow = new TestFlow("outer", async (context, _) =>
        {
            await context.RunAsync(new TaskSpec("before"), _ => Done("before"));
            await context.RunAsync(inner, new NoParameters());
            await context.RunAsync(new TaskSpec("after"), _ => Done("after"));
        });
        var run = await dead.CreateAsync(flow);
        _ = dead.Engine.RunAsync(flow, run, TestContext.Current.CancellationToken);
        await reached.Task;
        await dead.Backend.FlushAsync(TestContext.Current.CancellationToken);
        die = false;

        var crashed = fixture.Backend.Sweep();
        var reopened = fixture.Backend.Reopen(run.Id)!;
        var outcome = await fixture.Engine.RunAsync(flow, reopened, TestContext.Current.CancellationToken);

        Assert.Equal(["inner", "outer"], crashed.Select(r => r.Flow).Order());
        Assert.Equal(StateType.Completed, outcome.Run.State.Type);
        Assert.Equal(["before", "a", "b", "after"], ran);
        var tree = fixture.Runs.Tree(run.Id)!;
        Assert.Equal(["Scheduled", "Pending", "Running", "Crashed", "Scheduled", "Pending", "Retrying", "Completed"], tree.States.Select(s => s.Name));
        Assert.All(tree.Tasks, t => Assert.Equal(StateType.Completed, t.Run.State.Type));
        Assert.Equal(2, Assert.Single(tree.Tasks, t => t.Subflow is not null).Subflow!.Run.RunCount);

        Task<int> Done(string what)
        {
            ran.Add(what);
            return Task.FromResult(1);
        }
    }

    [Fact]
    public async Task A_process_that_was_suspended_too_long_learns_that_its_run_is_another_s_and_writes_nothing_more()
    {
        await using var fixture = new EngineFixture(new Finks.Lake.Tests.LakeFixture());
        await using var other = fixture.Other(RunProcess.Current with { Machine = "elsewhere" });
        var suspended = new TaskCompletionSource<int>();
        var begun = new TaskCompletionSource();
        var flow = new TestFlow("long", (context, _) => context.RunAsync(new TaskSpec("long"), _ =>
        {
            if (begun.TrySetResult())
                return suspended.Task;
            return Task.FromResult(2);
        }));
        var run = await other.CreateAsync(flow);
        var slow = other.Engine.RunAsync(flow, run, TestContext.Current.CancellationToken);
        await begun.Task;

        // Its lease ends: no beat comes through. The jump is not seen by its timer until it beats, when the run is another's.
        fixture.Lake.Lake.Database.WriteBeside(tx => tx.Execute("UPDATE finks_flow_run SET lease_until = '2000-01-01T00:00:00.000000Z'"));
        var taken = await fixture.Engine.RunAsync(flow, fixture.Backend.Reopen(run.Id)!, TestContext.Current.CancellationToken);
        fixture.Clock.Advance(TimeSpan.FromSeconds(3));
        suspended.SetResult(1);
        var lost = await slow;

        Assert.Equal(StateType.Completed, taken.Run.State.Type);
        Assert.IsType<RunStoppedException>(lost.Error);
        Assert.Equal(["Scheduled", "Pending", "Running", "Scheduled", "Pending", "Retrying", "Completed"], fixture.Runs.Tree(run.Id)!.States.Select(s => s.Name));
    }

    [Fact]
    public async Task Wrong_parameters_fail_the_run_before_it_begins()
    {
        await using var fixture = new EngineFixture(new Finks.Lake.Tests.LakeFixture());
        var flow = new TestFlow("plain", (_, _) => Task.CompletedTask);

        var outcome = await fixture.RunAsync(flow, new JsonObject { ["symbol"] = "AAPL" });

        Assert.IsType<FlowParametersException>(outcome.Error);
        Assert.Contains("symbol", outcome.Run.State.Message, StringComparison.Ordinal);
        Assert.Equal(["Scheduled", "Pending", "Failed"], fixture.Runs.Tree(outcome.Run.Id)!.States.Select(s => s.Name));
    }

    [Theory]
    [MemberData(nameof(Catalogs))]
    public async Task One_run_is_made_for_an_idempotency_key(string catalog)
    {
        await using var fixture = EngineFixture.On(catalog, server);
        var flow = new TestFlow("keyed", (_, _) => Task.CompletedTask);

        var runs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => fixture.CreateAsync(flow, key: "daily 2026-08-21"))));

        Assert.Single(runs.Select(r => r.Id).Distinct());
    }

    [Fact]
    public async Task A_scheduled_run_waits_for_its_time()
    {
        await using var fixture = new EngineFixture(new Finks.Lake.Tests.LakeFixture());
        var due = fixture.Clock.GetUtcNow().AddMinutes(10);
        var began = DateTimeOffset.MinValue;
        var flow = new TestFlow("timed", (_, _) =>
        {
            began = fixture.Clock.GetUtcNow();
            return Task.CompletedTask;
        });

        await fixture.WhileTurningAsync(fixture.Engine.RunAsync(flow, await fixture.CreateAsync(flow, at: due), TestContext.Current.CancellationToken));

        Assert.InRange(began, due, due.AddSeconds(5));
    }

    [Fact]
    public async Task A_cached_result_is_taken_by_another_run_until_it_expires()
    {
        await using var fixture = new EngineFixture(new Finks.Lake.Tests.LakeFixture());
        var ran = 0;
        var spec = new TaskSpec("costly") { Policy = new TaskPolicy { CacheKey = "costly-1", CacheLifetime = TimeSpan.FromHours(1) } };
        var values = new List<int>();
        var flow = new TestFlow("cached", async (context, _) => values.Add((await context.RunAsync(spec, _ => Task.FromResult(++ran))).Value));

        await fixture.RunAsync(flow);
        var second = await fixture.RunAsync(flow);
        fixture.Clock.Advance(TimeSpan.FromHours(2));
        await fixture.RunAsync(flow);

        Assert.Equal([1, 1, 2], values);
        Assert.Equal("Cached", Assert.Single(fixture.Runs.Tree(second.Run.Id)!.Tasks).Run.State.Name);
    }

    [Fact]
    public async Task A_failing_subflow_fails_its_parent_with_the_reason()
    {
        await using var fixture = new EngineFixture(new Finks.Lake.Tests.LakeFixture());
        var inner = new TestFlow("inner", (context, _) => context.RunAsync<int>(new TaskSpec("gate"), _ => throw new InvalidDataException("12 rows have no price")));
        var flow = new TestFlow("outer", (context, _) => context.RunAsync(inner, new NoParameters()));

        var outcome = await fixture.RunAsync(flow);

        Assert.IsType<InvalidDataException>(outcome.Error);
        Assert.Equal((StateType.Failed, "12 rows have no price"), (outcome.Run.State.Type, outcome.Run.State.Message));
        var task = Assert.Single(fixture.Runs.Tree(outcome.Run.Id)!.Tasks);
        Assert.Equal((StateType.Failed, StateType.Failed), (task.Run.State.Type, task.Subflow!.Run.State.Type));
    }

    [Theory]
    [MemberData(nameof(Catalogs))]
    public async Task Runs_that_another_backend_rules_are_kept_beside_and_units_may_belong_to_them(string catalog)
    {
        await using var fixture = EngineFixture.On(catalog, server);
        var (backend, cancellation) = (fixture.Backend, TestContext.Current.CancellationToken);
        var at = fixture.Clock.GetUtcNow();
        var run = new FlowRun
        {
            Id = fixture.Lake.Ids.Next(),
            Name = "elsewhere",
            Flow = "daily",
            Parameters = [],
            CreatedAt = at,
            RunCount = 1,
            StartedAt = at,
            State = RunState.Running() with { At = at },
        };
        var task = new TaskRun { Id = fixture.Lake.Ids.Next(), FlowRun = run.Id, Task = "cleanse", Key = "0", Policy = TaskPolicy.Once, State = RunState.Running() with { At = at }, RunCount = 1 };

        await backend.KeepAsync(run, cancellation);
        await backend.KeepAsync(run, cancellation);
        backend.Keep(task);
        backend.Keep(task);
        var unit = await backend.CreateTaskRunAsync(new NewTaskRun { FlowRun = run.Id, Task = "call", Key = "AAPL", IsUnit = true }, cancellation);
        Assert.IsType<StateAnswer.Accepted>(await backend.ProposeAsync(unit, RunState.Running(), cancellation));
        Assert.IsType<StateAnswer.Accepted>(await backend.ProposeAsync(unit, RunState.Completed(), cancellation));
        backend.Keep(task with { State = RunState.Completed(result: "7") with { At = at.AddSeconds(1) } });
        await backend.KeepAsync(run with { State = RunState.Completed() with { At = at.AddSeconds(2) }, EndedAt = at.AddSeconds(2) }, cancellation);

        var tree = fixture.Runs.Tree(run.Id)!;
        Assert.Equal(["Running", "Completed"], tree.States.Select(s => s.Name));
        Assert.Equal(["Running", "Completed"], tree.Tasks.Single(t => t.Run.Task == "cleanse").States.Select(s => s.Name));
        Assert.Equal(["Pending", "Running", "Completed"], tree.Tasks.Single(t => t.IsUnit).States.Select(s => s.Name));
        Assert.Equal((1, StateType.Completed, "7"), (tree.Run.RunCount, tree.Run.State.Type, tree.Tasks.Single(t => !t.IsUnit).Run.State.Result));
    }

    /// <summary>Turns the clock on by a beat and waits until it was heard.</summary>
    private static async Task BeatenAsync(EngineFixture fixture, Guid run)
    {
        fixture.Clock.Advance(TimeSpan.FromSeconds(2));
        for (var look = 0; look < 1000 && Lease() < fixture.Clock.GetUtcNow().AddSeconds(60); look++)
            await Task.Yield();

        DateTimeOffset Lease() => fixture.Lake.Lake.Database.Read(r => Finks.Lake.Bronze.UtcText.Parse(
            r.Scalar<string>("SELECT coalesce(lease_until, '2000-01-01T00:00:00.000000Z') FROM finks_flow_run WHERE flow_run_id = @id", ("id", run.ToString()))!));
    }
}
