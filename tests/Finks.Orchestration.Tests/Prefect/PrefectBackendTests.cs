using System.Text.Json.Nodes;
using Finks.Orchestration.Prefect;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Tests.Prefect;

/// <summary>The backend against a real Prefect 3.8 server on PostgreSQL.</summary>
public sealed class PrefectBackendTests(PrefectServer server)
{
    [Fact]
    public async Task A_flow_run_and_its_task_stand_on_the_server_from_begin_to_end()
    {
        await using var desk = new Desk(server);

        var run = await desk.BegunAsync();
        var task = await desk.TaskAsync(run, "0");
        await desk.CompleteAsync(task, "[1]");
        Desk.Accepted(await desk.ProposeAsync(run, RunState.Completed()), StateType.Completed);

        var found = (await desk.Backend.FindFlowRunAsync(run.Id, Desk.Stop))!;
        Assert.Equal(("daily", "a run", StateType.Completed, 1), (found.Flow, found.Name, found.State.Type, found.RunCount));
        Assert.Equal("2026-08-21", found.Parameters["day"]!.GetValue<string>());
        Assert.True(found.StartedAt <= found.EndedAt);
        var stored = await server.GetAsync($"/task_runs/{task.Id}");
        Assert.Equal("COMPLETED", stored!["state_type"]!.GetValue<string>());
        Assert.Equal("Extract-0", stored["name"]!.GetValue<string>());
        Assert.Empty(desk.Warnings);
    }

    [Fact]
    public async Task The_server_rules_retries_of_a_task_that_fails_twice()
    {
        await using var desk = new Desk(server);
        var run = await desk.BegunAsync();
        var task = await desk.TaskAsync(run, "0", new TaskPolicy { Retries = 2, RetryDelays = [TimeSpan.FromMilliseconds(300)] });

        for (var attempt = 1; attempt <= 2; attempt++)
        {
            Desk.Accepted(await BeginAsync(desk, task), StateType.Running);
            var waiting = Desk.Rejected(await desk.ProposeAsync(task, RunState.Failed("boom")), StateType.Scheduled);
            Assert.Equal(StateNames.AwaitingRetry, waiting.Name);
            Assert.NotNull(waiting.NotBefore);
        }

        Assert.Equal(StateNames.Retrying, Desk.Accepted(await BeginAsync(desk, task), StateType.Running).Name);
        Desk.Accepted(await desk.ProposeAsync(task, RunState.Completed()), StateType.Completed);
        Assert.Equal(3, (await server.GetAsync($"/task_runs/{task.Id}"))!["run_count"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_failure_that_another_attempt_cannot_mend_is_not_retried()
    {
        await using var desk = new Desk(server);
        var run = await desk.BegunAsync();
        var task = await desk.TaskAsync(run, "0", new TaskPolicy { Retries = 2 });

        Desk.Accepted(await desk.ProposeAsync(task, RunState.Running()), StateType.Running);

        Desk.Accepted(await desk.ProposeAsync(task, RunState.Failed("bad input", retriable: false)), StateType.Failed);
    }

    [Fact]
    public async Task The_server_rules_retries_of_a_flow_and_keeps_the_rest_of_its_policy()
    {
        await using var desk = new Desk(server);
        var run = await desk.CreateAsync();
        await desk.Client.UpdateFlowRunAsync(run.Id, new(EmpiricalPolicy: new JsonObject { ["pause_keys"] = new JsonArray("mine") }), Desk.Stop);
        run = run with { Retries = 1 };
        Desk.Accepted(await desk.ProposeAsync(run, RunState.Running()), StateType.Running);
        var policy = (await server.GetAsync($"/flow_runs/{run.Id}"))!["empirical_policy"]!;
        Assert.Equal(("""["mine"]""", 1), (policy["pause_keys"]!.ToJsonString(), policy["retries"]!.GetValue<int>()));

        var waiting = Desk.Rejected(await desk.ProposeAsync(run, RunState.Failed("boom")), StateType.Scheduled);

        Assert.Equal(StateNames.AwaitingRetry, waiting.Name);
        Assert.Equal(RunSignal.Continue, await desk.Backend.BeatAsync(run, Desk.Stop));
        Desk.Accepted(await desk.ProposeAsync(run, RunState.Running()), StateType.Running);
        Desk.Accepted(await desk.ProposeAsync(run, RunState.Failed("boom")), StateType.Failed);
    }

    [Fact]
    public async Task A_completed_task_gives_its_result_back_when_the_flow_run_is_begun_again()
    {
        const string result = """{"z":1,"a":0.12345678901234567890,"text":"größer \\u0000"}""";
        await using var first = new Desk(server);
        var run = await first.BegunAsync();
        await first.CompleteAsync(await first.TaskAsync(run, "AAPL"), result);
        await first.CompleteAsync(await first.TaskAsync(run, "MSFT"), null);
        Desk.Accepted(await first.ProposeAsync(run, RunState.Failed("boom")), StateType.Failed);

        await using var second = new Desk(server);
        var again = (await second.Backend.ReopenAsync(run, Desk.Stop))!;
        Desk.Accepted(await second.ProposeAsync(again, RunState.Running()), StateType.Running);

        var apple = await second.TaskAsync(again, "AAPL");
        Assert.Equal((StateType.Completed, result), (apple.State.Type, apple.State.Result));
        Assert.Equal(result, Desk.Rejected(await second.ProposeAsync(apple, RunState.Running()), StateType.Completed).Result);
        Assert.Null(Desk.Rejected(await second.ProposeAsync(await second.TaskAsync(again, "MSFT"), RunState.Running()), StateType.Completed).Result);
    }

    [Fact]
    public async Task A_result_under_a_cache_key_is_taken_instead_of_running()
    {
        await using var desk = new Desk(server);
        var policy = new TaskPolicy { CacheKey = $"key-{desk.Ids.Next()}", CacheLifetime = TimeSpan.FromHours(1) };
        var run = await desk.BegunAsync();
        await desk.CompleteAsync(await desk.TaskAsync(run, "0", policy), "42");

        var other = await desk.TaskAsync(await desk.BegunAsync(), "0", policy);
        var cached = Desk.Rejected(await desk.ProposeAsync(other, RunState.Running()), StateType.Completed);

        Assert.Equal((StateNames.Cached, "42"), (cached.Name, cached.Result));
    }

    [Fact]
    public async Task A_cancel_is_seen_by_the_next_beat_and_ends_tasks_that_would_begin()
    {
        await using var desk = new Desk(server);
        var run = await desk.BegunAsync();
        var task = await desk.TaskAsync(run, "0");
        Assert.Equal(RunSignal.Continue, await desk.Backend.BeatAsync(run, Desk.Stop));

        await SetStateAsync(run, "CANCELLING");

        Assert.Equal(RunSignal.Cancel, await desk.Backend.BeatAsync(run, Desk.Stop));
        Desk.Rejected(await desk.ProposeAsync(task, RunState.Running()), StateType.Cancelled);
        Desk.Rejected(await desk.ProposeAsync(run, RunState.Completed()), StateType.Cancelling);
        Desk.Accepted(await desk.ProposeAsync(run, RunState.Cancelled()), StateType.Cancelled);
        Assert.Equal(RunSignal.Lost, await desk.Backend.BeatAsync(run, Desk.Stop));
    }

    [Fact]
    public async Task A_paused_run_keeps_its_process_whose_tasks_wait_until_it_is_resumed()
    {
        await using var desk = new Desk(server);
        var run = await desk.BegunAsync();
        var task = await desk.TaskAsync(run, "0");
        await PauseAsync(run, new JsonObject { ["pause_reschedule"] = false, ["pause_timeout"] = $"{desk.Clock.GetUtcNow().AddHours(1):O}" });

        Assert.Equal(RunSignal.Continue, await desk.Backend.BeatAsync(run, Desk.Stop));
        Assert.IsType<StateAnswer.Wait>(await desk.ProposeAsync(task, RunState.Running()));
        await server.PostAsync($"/flow_runs/{run.Id}/resume", new JsonObject());

        Assert.Equal(RunSignal.Continue, await desk.Backend.BeatAsync(run, Desk.Stop));
        await desk.CompleteAsync(task, null);
        Desk.Accepted(await desk.ProposeAsync(run, RunState.Completed()), StateType.Completed);
    }

    [Fact]
    public async Task A_run_that_ends_while_it_is_paused_has_ended()
    {
        await using var desk = new Desk(server);
        var run = await desk.BegunAsync();
        await PauseAsync(run, new JsonObject { ["pause_reschedule"] = false });

        Desk.Accepted(await desk.ProposeAsync(run, RunState.Completed()), StateType.Completed);
    }

    [Fact]
    public async Task A_run_that_is_not_resumed_in_time_is_failed_by_the_server()
    {
        await using var desk = new Desk(server);
        var run = await desk.BegunAsync();
        await PauseAsync(run, new JsonObject { ["pause_reschedule"] = false, ["pause_timeout"] = $"{desk.Clock.GetUtcNow().AddMinutes(-1):O}" });

        await desk.Backend.BeatAsync(run, Desk.Stop);

        Assert.Equal(RunSignal.Lost, await desk.Backend.BeatAsync(run, Desk.Stop));
        Assert.Equal("FAILED", (await server.GetAsync($"/flow_runs/{run.Id}"))!["state_type"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_suspended_run_is_given_up_by_its_process_which_cannot_end_it_when_it_is_resumed()
    {
        await using var desk = new Desk(server);
        var flow = await server.PostAsync("/flows/", new JsonObject { ["name"] = $"suspended-{desk.Ids.Next()}" });
        await server.PostAsync("/deployments/", new JsonObject { ["name"] = "nightly", ["flow_id"] = flow!["id"]!.GetValue<string>(), ["entrypoint"] = "none" });
        var run = await desk.Backend.CreateFlowRunAsync(
            new NewFlowRun { Flow = flow["name"]!.GetValue<string>(), Name = "a run", Parameters = [], Deployment = "nightly" }, Desk.Stop);
        Desk.Accepted(await desk.ProposeAsync(run, RunState.Pending()), StateType.Pending);
        Desk.Accepted(await desk.ProposeAsync(run, RunState.Running()), StateType.Running);
        await PauseAsync(run, new JsonObject { ["pause_reschedule"] = true }, StateNames.Suspended);

        Assert.Equal(RunSignal.Suspend, await desk.Backend.BeatAsync(run, Desk.Stop));
        await server.PostAsync($"/flow_runs/{run.Id}/resume", new JsonObject());

        Assert.Equal(RunSignal.Lost, await desk.Backend.BeatAsync(run, Desk.Stop));
        Assert.IsType<StateAnswer.Aborted>(await desk.ProposeAsync(run, RunState.Failed("its task was refused")));
        Assert.IsType<StateAnswer.Aborted>(await desk.ProposeAsync(run, RunState.Crashed("killed"), force: true));
        Assert.Equal("SCHEDULED", (await server.GetAsync($"/flow_runs/{run.Id}"))!["state_type"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_run_that_the_server_has_made_is_labelled_when_it_begins()
    {
        await using var desk = new Desk(server);
        var flow = await server.PostAsync("/flows/", new JsonObject { ["name"] = $"unlabelled-{desk.Ids.Next()}" });
        var made = await server.PostAsync("/flow_runs/", new JsonObject { ["flow_id"] = flow!["id"]!.GetValue<string>(), ["labels"] = new JsonObject { ["other"] = "x" } });
        var run = (await desk.Backend.FindFlowRunAsync(made!["id"]!.GetValue<Guid>(), Desk.Stop))!;

        Desk.Accepted(await desk.ProposeAsync(run, RunState.Running()), StateType.Running);

        var labels = (await server.GetAsync($"/flow_runs/{run.Id}"))!["labels"]!;
        Assert.Equal(("dotnet", "x"), (labels["finks.engine"]!.GetValue<string>(), labels["other"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_run_that_another_process_begins_again_is_lost_to_the_first_which_cannot_end_it()
    {
        await using var first = new Desk(server);
        await using var second = new Desk(server);
        var run = await first.BegunAsync();
        Desk.Accepted(await second.ProposeAsync((await second.Backend.FindFlowRunAsync(run.Id, Desk.Stop))!, RunState.Running()), StateType.Running);

        Assert.Equal(RunSignal.Lost, await first.Backend.BeatAsync(run, Desk.Stop));
        Assert.IsType<StateAnswer.Aborted>(await first.ProposeAsync(run, RunState.Completed()));
        Assert.Equal(RunSignal.Continue, await second.Backend.BeatAsync(run, Desk.Stop));
    }

    [Fact]
    public async Task Of_two_processes_that_begin_a_scheduled_run_one_is_told_to_stop()
    {
        await using var first = new Desk(server);
        await using var second = new Desk(server);
        for (var round = 0; round < 5; round++)
        {
            var run = await first.CreateAsync();

            var answers = await Task.WhenAll(first.ProposeAsync(run, RunState.Pending()), second.ProposeAsync(run, RunState.Pending()));

            Assert.Single(answers, a => a is StateAnswer.Accepted);
            Assert.Single(answers, a => a is StateAnswer.Aborted);
        }
    }

    [Fact]
    public async Task A_proposal_that_is_made_twice_counts_once()
    {
        await using var desk = new Desk(server);
        var run = await desk.CreateAsync();
        var transition = desk.Ids.Next();

        Desk.Accepted(await desk.Backend.ProposeAsync(run, RunState.Running(), transition, false, Desk.Stop), StateType.Running);
        Desk.Accepted(await desk.Backend.ProposeAsync(run, RunState.Running(), transition, false, Desk.Stop), StateType.Running);

        Assert.Equal(1, (await desk.Backend.FindFlowRunAsync(run.Id, Desk.Stop))!.RunCount);
    }

    [Fact]
    public async Task Last_words_are_written_over_rules_but_not_over_an_end()
    {
        await using var desk = new Desk(server);
        var dying = await desk.BegunAsync();
        Desk.Accepted(await desk.ProposeAsync(dying, RunState.Crashed("killed"), force: true), StateType.Crashed);

        var done = await desk.BegunAsync();
        Desk.Accepted(await desk.ProposeAsync(done, RunState.Completed()), StateType.Completed);
        Desk.Rejected(await desk.ProposeAsync(done, RunState.Crashed("killed"), force: true), StateType.Completed);
        Assert.Equal(StateType.Completed, (await desk.Backend.FindFlowRunAsync(done.Id, Desk.Stop))!.State.Type);
    }

    [Theory]
    [InlineData("CRASHED", StateType.Crashed)]
    [InlineData("CANCELLED", StateType.Cancelled)]
    public async Task A_slow_process_does_not_write_its_end_over_the_one_that_others_have_written(string type, StateType written)
    {
        await using var desk = new Desk(server);
        var run = await desk.BegunAsync();
        await server.PostAsync($"/flow_runs/{run.Id}/set_state", new JsonObject { ["state"] = new JsonObject { ["type"] = type }, ["force"] = true });

        Desk.Rejected(await desk.ProposeAsync(run, RunState.Completed()), written);

        Assert.Equal(type, (await server.GetAsync($"/flow_runs/{run.Id}"))!["state_type"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_subflow_is_free_for_the_process_that_has_its_parent()
    {
        await using var first = new Desk(server);
        var parent = await first.BegunAsync();
        var tracking = await first.Backend.CreateTaskRunAsync(new NewTaskRun { FlowRun = parent.Id, Task = "child", Key = "0", IsSubflow = true }, Desk.Stop);
        var child = await first.BegunAsync("child", tracking.Id);
        // A process of another machine, which was heard of a moment ago.
        await first.Client.UpdateFlowRunAsync(child.Id, new(InfrastructurePid: "elsewhere:1"), Desk.Stop);

        await using var second = new Desk(server);
        var open = (await second.Backend.ReopenAsync((await second.Backend.FindSubflowRunAsync(tracking.Id, Desk.Stop))!, Desk.Stop))!;

        Desk.Accepted(await second.ProposeAsync(open, RunState.Running()), StateType.Running);
        Assert.IsType<StateAnswer.Aborted>(await first.ProposeAsync(child, RunState.Completed()));
    }

    [Fact]
    public async Task A_subflow_stands_in_its_parent_as_a_task_run_that_follows_its_states()
    {
        await using var desk = new Desk(server);
        var parent = await desk.BegunAsync();
        var tracking = await desk.Backend.CreateTaskRunAsync(
            new NewTaskRun { FlowRun = parent.Id, Task = "child", Key = "0", IsSubflow = true }, Desk.Stop);
        Assert.Null(await desk.Backend.FindSubflowRunAsync(tracking.Id, Desk.Stop));
        Desk.Accepted(await desk.ProposeAsync(tracking, RunState.Running()), StateType.Running);

        var child = await desk.BegunAsync("child", tracking.Id);

        Assert.Equal(child.Id, (await desk.Backend.FindSubflowRunAsync(tracking.Id, Desk.Stop))!.Id);
        Assert.Equal("RUNNING", await TaskStateAsync(tracking));
        Desk.Accepted(await desk.ProposeAsync(child, RunState.Completed()), StateType.Completed);
        Desk.Accepted(await desk.ProposeAsync(tracking, RunState.Completed()), StateType.Completed);
        Desk.Rejected(await desk.ProposeAsync(tracking, RunState.Running()), StateType.Completed);
        var stored = await server.GetAsync($"/task_runs/{tracking.Id}");
        Assert.Equal("COMPLETED", stored!["state_type"]!.GetValue<string>());
        Assert.Equal(child.Id.ToString(), stored["state"]!["state_details"]!["child_flow_run_id"]?.GetValue<string>());
    }

    [Fact]
    public async Task A_run_is_reopened_unless_it_completed_or_somebody_works_on_it()
    {
        await using var first = new Desk(server);
        await using var second = new Desk(server);
        foreach (var end in new[] { RunState.Failed("boom"), RunState.Crashed("killed"), RunState.Cancelled() })
        {
            var ended = await first.BegunAsync();
            Desk.Accepted(await first.ProposeAsync(ended, end, force: end.Type == StateType.Crashed), end.Type);
            var open = (await second.Backend.ReopenAsync(ended, Desk.Stop))!;
            Assert.Equal(StateType.Pending, open.State.Type);
            Desk.Accepted(await second.ProposeAsync(open, RunState.Running()), StateType.Running);
            Assert.Null(await first.Backend.ReopenAsync(ended, Desk.Stop));
        }

        var done = await first.BegunAsync();
        Desk.Accepted(await first.ProposeAsync(done, RunState.Completed()), StateType.Completed);
        Assert.Null(await second.Backend.ReopenAsync(done, Desk.Stop));
    }

    [Fact]
    public async Task A_run_whose_process_is_gone_is_reopened()
    {
        await using var desk = new Desk(server);
        var run = await desk.BegunAsync();
        await desk.Client.UpdateFlowRunAsync(run.Id, new(InfrastructurePid: DeadPid()), Desk.Stop);

        await using var second = new Desk(server);
        var open = (await second.Backend.ReopenAsync(run, Desk.Stop))!;

        Desk.Accepted(await second.ProposeAsync(open, RunState.Running()), StateType.Running);
        Assert.Equal($"{System.Net.Dns.GetHostName()}:{Environment.ProcessId}",
            (await server.GetAsync($"/flow_runs/{run.Id}"))!["infrastructure_pid"]!.GetValue<string>());
        Assert.IsType<StateAnswer.Aborted>(await desk.ProposeAsync(run, RunState.Completed()));
    }

    [Fact]
    public async Task Units_go_to_the_ledger_alone_and_end_with_their_flow_run()
    {
        await using var desk = new Desk(server);
        var run = await desk.BegunAsync();
        var units = new List<TaskRun>();
        for (var i = 0; i < 50; i++)
            units.Add(await desk.Backend.CreateTaskRunAsync(new NewTaskRun { FlowRun = run.Id, Task = "Call", Key = $"{i}", IsUnit = true }, Desk.Stop));
        foreach (var unit in units)
        {
            Assert.Equal(run.Id, unit.FlowRun);
            await desk.CompleteAsync(unit, null);
        }

        desk.Backend.Log(new RunLogLine(run.Id, units[0].Id, desk.Clock.GetUtcNow(), LogLevel.Info, "of a unit"));
        var counterpart = Assert.Single(desk.Ledger.Runs.Values);
        Assert.Equal(StateType.Running, counterpart.State.Type);
        Desk.Accepted(await desk.ProposeAsync(run, RunState.Completed()), StateType.Completed);

        Assert.Equal(StateType.Completed, desk.Ledger.Runs[counterpart.Id].State.Type);
        Assert.All(desk.Ledger.Tasks.Values, task => Assert.Equal((counterpart.Id, StateType.Completed), (task.FlowRun, task.State.Type)));
        Assert.Equal(counterpart.Id, Assert.Single(desk.Ledger.Lines).FlowRun);
        var filter = new JsonObject { ["flow_runs"] = new JsonObject { ["id"] = new JsonObject { ["any_"] = new JsonArray($"{run.Id}") } } };
        Assert.Empty((await server.PostAsync("/task_runs/filter", filter))!.AsArray());
    }

    [Fact]
    public async Task The_same_idempotency_key_gives_the_same_run()
    {
        await using var desk = new Desk(server);
        var wanted = new NewFlowRun { Flow = "daily", Name = "once", Parameters = [], IdempotencyKey = $"day-{desk.Ids.Next()}" };

        var first = await desk.Backend.CreateFlowRunAsync(wanted, Desk.Stop);

        Assert.Equal(first.Id, (await desk.Backend.CreateFlowRunAsync(wanted, Desk.Stop)).Id);
    }

    [Fact]
    public async Task Slots_are_taken_given_back_and_refused_when_none_is_left()
    {
        await using var desk = new Desk(server);
        var name = $"warehouse-{desk.Ids.Next()}";
        await server.PostAsync("/v2/concurrency_limits/", new JsonObject { ["name"] = name, ["limit"] = 1 });

        var lease = await desk.Backend.TryAcquireAsync([name, "no-such-limit"], desk.Ids.Next(), Desk.Stop);
        Assert.NotNull(lease);
        Assert.Null(await desk.Backend.TryAcquireAsync([name], desk.Ids.Next(), Desk.Stop));
        await lease.DisposeAsync();

        await using var again = await desk.Backend.TryAcquireAsync([name], desk.Ids.Next(), Desk.Stop);
        Assert.NotNull(again);
        Assert.Empty(desk.Warnings);
    }

    [Fact]
    public async Task A_deployments_limit_makes_the_second_run_wait_until_the_first_has_ended()
    {
        await using var desk = new Desk(server);
        var flow = await server.PostAsync("/flows/", new JsonObject { ["name"] = $"limited-{desk.Ids.Next()}" });
        await server.PostAsync("/deployments/", new JsonObject
        {
            ["name"] = "nightly",
            ["flow_id"] = flow!["id"]!.GetValue<string>(),
            ["entrypoint"] = "none",
            ["concurrency_limit"] = 1,
        });
        var wanted = new NewFlowRun { Flow = flow["name"]!.GetValue<string>(), Name = "a run", Parameters = [], Deployment = "nightly" };
        var first = await desk.Backend.CreateFlowRunAsync(wanted, Desk.Stop);
        var second = await desk.Backend.CreateFlowRunAsync(wanted, Desk.Stop);
        Assert.Equal("nightly", first.Deployment);

        Desk.Accepted(await desk.ProposeAsync(first, RunState.Pending()), StateType.Pending);
        Desk.Accepted(await desk.ProposeAsync(first, RunState.Running()), StateType.Running);
        Assert.InRange(Assert.IsType<StateAnswer.Wait>(await desk.ProposeAsync(second, RunState.Pending())).Delay, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        Desk.Accepted(await desk.ProposeAsync(first, RunState.Completed()), StateType.Completed);

        Desk.Accepted(await desk.ProposeAsync(second, RunState.Pending()), StateType.Pending);
    }

    [Fact]
    public async Task A_deployment_that_is_not_there_is_named()
    {
        await using var desk = new Desk(server);
        var wanted = new NewFlowRun { Flow = "daily", Name = "a run", Parameters = [], Deployment = "no-such" };

        var told = await Assert.ThrowsAsync<InvalidOperationException>(() => desk.Backend.CreateFlowRunAsync(wanted, Desk.Stop));

        Assert.Contains("has no deployment daily/no-such", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Heartbeats_reach_the_server_at_their_own_pace()
    {
        await using var desk = new Desk(server, new PrefectBackendOptions { HeartbeatInterval = TimeSpan.FromHours(1) });
        var run = await desk.BegunAsync();

        for (var beat = 0; beat < 3; beat++)
            await desk.Backend.BeatAsync(run, Desk.Stop);

        var filter = new JsonObject
        {
            ["filter"] = new JsonObject
            {
                ["event"] = new JsonObject { ["name"] = new JsonArray("prefect.flow-run.heartbeat") },
                ["resource"] = new JsonObject { ["id"] = new JsonArray($"prefect.flow-run.{run.Id}") },
            },
        };
        JsonNode page;
        do
            page = (await server.PostAsync("/events/filter", filter))!;
        while (page["total"]!.GetValue<int>() == 0);
        Assert.Equal(1, page["total"]!.GetValue<int>());
    }

    /// <summary>Of a process of this host that has just ended.</summary>
    internal static string DeadPid()
    {
        using var process = System.Diagnostics.Process.Start("true");
        process.WaitForExit();
        return $"{System.Net.Dns.GetHostName()}:{process.Id}";
    }

    private static async Task<StateAnswer> BeginAsync(Desk desk, TaskRun task)
    {
        while (true)
        {
            var answer = await desk.ProposeAsync(task, RunState.Running());
            if (answer is not StateAnswer.Wait wait)
                return answer;
            await Task.Delay(wait.Delay, desk.Clock, Desk.Stop);
        }
    }

    private async Task SetStateAsync(FlowRun run, string type) => await server.PostAsync(
        $"/flow_runs/{run.Id}/set_state", new JsonObject { ["state"] = new JsonObject { ["type"] = type }, ["force"] = false });

    private async Task PauseAsync(FlowRun run, JsonObject details, string? name = null)
    {
        details["pause_key"] = "by hand";
        var state = new JsonObject { ["type"] = "PAUSED", ["name"] = name ?? "Paused", ["state_details"] = details };
        var reply = await server.PostAsync($"/flow_runs/{run.Id}/set_state", new JsonObject { ["state"] = state });
        Assert.Equal("ACCEPT", reply!["status"]!.GetValue<string>());
    }

    private async Task<string> TaskStateAsync(TaskRun task) => (await server.GetAsync($"/task_runs/{task.Id}"))!["state_type"]!.GetValue<string>();
}
