using System.Text.Json.Nodes;
using Finks.Orchestration.Prefect.Deploying;

namespace Finks.Orchestration.Tests.Prefect.Deploying;

/// <summary>Deployment as code against a real Prefect 3.8 server on PostgreSQL.</summary>
public sealed class PrefectDeployerTests(PrefectServer server)
{
    [Fact]
    public async Task Everything_is_made_on_an_empty_server_in_the_words_of_its_document()
    {
        using var site = new Site(server);

        var plan = await site.ApplyAsync(site.Everything);

        Assert.All(plan.Actions, a => Assert.Equal(ActionKind.Create, a.Action));
        Assert.Equal(21, plan.Actions.Count);
        Assert.Equal(plan.Actions.Select(a => $"{a}"), site.Steps);
        var document = OpenApi.Prefect();
        Assert.Empty(site.Tap.Calls.SelectMany(c => document.Errors(c.Method, c.Path, c.Body).Select(e => $"{c.Method} {c.Path}: {e}")));
        var deployment = await site.DeploymentAsync("load");
        Assert.Equal(4, deployment["schedules"]!.AsArray().Count);
        Assert.Equal("CANCEL_NEW", deployment["concurrency_options"]!["collision_strategy"]!.GetValue<string>());
        Assert.Equal("""{"A":"1","B":"other","C":"3"}""", Sorted(deployment["job_variables"]!["env"]!));
        Assert.True(deployment["enforce_parameter_schema"]!.GetValue<bool>());
        Assert.Equal("symbols", deployment["parameter_openapi_schema"]!["required"]![0]!.GetValue<string>());
        Assert.Null(deployment["path"]);
        Assert.True(deployment["pull_steps"] is null or JsonArray { Count: 0 });
        Assert.NotEmpty(deployment["entrypoint"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_second_time_nothing_is_written_and_schedules_keep_their_ids()
    {
        using var site = new Site(server);
        await site.ApplyAsync(site.Everything);
        var (objects, schedules) = (await site.ObjectsAsync(), Ids(await site.DeploymentAsync("load")));

        var plan = await site.ApplyAsync(site.Everything);

        Assert.Empty(site.Tap.Writes);
        Assert.True(plan.IsEmpty);
        Assert.Equal(objects, await site.ObjectsAsync());
        Assert.Equal(schedules, Ids(await site.DeploymentAsync("load")));
    }

    [Theory]
    [InlineData("attempts: 3", "attempts: 4", "PATCH /deployments/", "parameters.attempts: 3 → 4")]
    [InlineData("[eod]", "[eod, daily]", "PATCH /deployments/", "tags: ")]
    [InlineData("queue: urgent", "queue: slow", "PATCH /deployments/", "work_queue_name: \"urgent\" → \"slow\"")]
    [InlineData("    concurrency_limit: 1\n", "", "PATCH /deployments/", "concurrency_limit: 1 → none")]
    [InlineData("0 2 * * MON-FRI", "0 3 * * MON-FRI", "/schedules/", "schedule.cron: \"0 2 * * MON-FRI\" → \"0 3 * * MON-FRI\"")]
    [InlineData("every: 15m, active: false", "every: 20m, active: true", "/schedules/", "active: false → true")]
    [InlineData("    concurrency_limit: 2\n", "    concurrency_limit: 3\n", "PATCH /work_pools/", "concurrency_limit: 2 → 3")]
    [InlineData("working_dir: /tmp", "working_dir: /", "PATCH /work_pools/",
        "base_job_template.variables.properties.working_dir.default: \"/tmp\" → \"/\"")]
    [InlineData("limit: 2,", "limit: 3,", "PATCH /v2/concurrency_limits/", "limit: 2 → 3")]
    [InlineData("2.5", "2.75", "PATCH /variables/", "value.days[1]: 2.5 → 2.75")]
    [InlineData("within: 9m", "within: 10m", "PUT /automations/", "trigger.within: ")]
    [InlineData("priority: 1, concurrency_limit: 1", "priority: 1, concurrency_limit: 4", "PATCH /work_pools/", "concurrency_limit: 1 → 4")]
    public async Task One_change_of_the_file_is_one_write(string before, string after, string call, string difference)
    {
        using var site = new Site(server);
        await site.ApplyAsync(site.Everything);
        var schedules = Ids(await site.DeploymentAsync("load"));
        var changed = site.Everything.Replace(before, after, StringComparison.Ordinal);

        var plan = await site.ApplyAsync(changed);

        var write = Assert.Single(site.Tap.Writes);
        Assert.Contains(call, $"{write.Method} {write.Path}", StringComparison.Ordinal);
        Assert.Empty(OpenApi.Prefect().Errors(write.Method, write.Path, write.Body));
        Assert.Contains(difference, $"{Assert.Single(plan.Actions, a => a.Writes)}", StringComparison.Ordinal);
        Assert.Equal(schedules, Ids(await site.DeploymentAsync("load")));
        Assert.True((await site.PlanAsync(changed)).IsEmpty);
    }

    [Fact]
    public async Task Another_secret_is_sent_and_told_to_nobody()
    {
        using var site = new Site(server);
        await site.ApplyAsync(site.Everything, "first");

        var plan = await site.ApplyAsync(site.Everything, "second");

        Assert.Equal(2, plan.Actions.Count(a => a.Writes));
        Assert.Equal($"change block {site.Name}-connection/{site.Name}-db: data.password", site.Steps[0]);
        Assert.DoesNotContain(site.Steps, s => s.Contains("first", StringComparison.Ordinal)
            || s.Contains("second", StringComparison.Ordinal));
        var path = $"/block_types/slug/{site.Name}-connection/block_documents/name/{site.Name}-db";
        Assert.Equal("second", (await server.GetAsync(path + "?include_secrets=true"))!["data"]!["password"]!.GetValue<string>());
        Assert.DoesNotContain("second", (await server.GetAsync(path))!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_removed_from_the_file_is_deleted_and_the_rest_stays()
    {
        using var site = new Site(server);
        await site.ApplyAsync(site.Everything);
        var before = await site.ObjectsAsync();
        string[] gone = ["NAME-fmp,", "NAME_var", "slow", "name: nightly", "name: NAME-late"];
        var less = string.Join('\n',
            site.Everything.Split('\n').Where(line => !gone.Any(g => line.Contains(g.Replace("NAME", site.Name, StringComparison.Ordinal),
                StringComparison.Ordinal))))
            .Replace("limits:\npools:", "pools:", StringComparison.Ordinal).Replace("variables:\n", "", StringComparison.Ordinal);

        await site.ApplyAsync(less);

        Assert.Equal(
            new[]
            {
                $"delete limit {site.Name}-fmp", $"delete automation {site.Name}-late",
                    $"delete schedule {site.Name}-load/{site.Name}#nightly",
                $"delete queue {site.Name}-ingestion/slow", $"delete variable finks-{site.Name}-limits", $"delete variable {site.Name}_var",
            },
            site.Steps.Order(StringComparer.Ordinal).OrderBy(s => s.Contains(" limit ", StringComparison.Ordinal) ? 0
                : s.Contains("autom", StringComparison.Ordinal) ? 1
                : s.Contains("schedule", StringComparison.Ordinal) ? 2 : s.Contains("queue", StringComparison.Ordinal) ? 3 : 4));
        Assert.Equal(3, (await site.DeploymentAsync("load"))["schedules"]!.AsArray().Count);
        Assert.Subset(before.Select(o => o.Split(' ')[1]).ToHashSet(), (await site.ObjectsAsync()).Select(o => o.Split(' ')[1]).ToHashSet(
            ));
        Assert.True((await site.PlanAsync(less)).IsEmpty);
    }

    [Fact]
    public async Task A_dry_run_says_what_would_be_done_and_writes_nothing()
    {
        using var site = new Site(server);

        var plan = await site.PlanAsync(site.Everything);

        Assert.Equal(21, plan.Actions.Count(a => a.Writes));
        Assert.Empty(site.Tap.Writes);
        Assert.Empty(await site.ObjectsAsync());
    }

    [Fact]
    public async Task Destroying_leaves_the_server_as_it_was_with_what_others_have_there()
    {
        using var site = new Site(server);
        await MakeForeignAsync(site);
        var before = await site.ObjectsAsync();
        await site.ApplyAsync(site.Everything);

        await site.DestroyAsync();

        Assert.Equal(before, await site.ObjectsAsync());
        Assert.True((await site.Deployer.PlanDestroyAsync(site.Name, Site.Stop)).IsEmpty);
    }

    [Fact]
    public async Task A_name_that_others_have_taken_stops_the_whole_and_is_told_with_all_the_rest()
    {
        using var site = new Site(server);
        await server.PostAsync("/variables/", new JsonObject { ["name"] = $"{site.Name}_var", ["value"] = 1 });
        await server.PostAsync("/work_pools/", new JsonObject { ["name"] = $"{site.Name}-cloud", ["type"] = "process" });
        site.Tap.Clear();

        var refused = await Assert.ThrowsAsync<PrefectDeployException>(() => site.ApplyAsync(site.Everything));

        Assert.Contains($"Variable {site.Name}_var is there already", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"Pool {site.Name}-cloud is there already", refused.Message, StringComparison.Ordinal);
        Assert.Empty(site.Tap.Writes);
    }

    [Fact]
    public async Task A_pool_and_a_flow_that_others_use_are_kept()
    {
        using var site = new Site(server);
        await site.ApplyAsync(site.Everything);
        var flow = (await server.GetAsync($"/flows/name/{site.Name}-load"))!["id"]!.DeepClone();
        var mine = await server.PostAsync(
            "/deployments/", new JsonObject { ["name"] = "by-hand", ["flow_id"] = flow, ["work_pool_name"] = $"{site.Name}-ingestion" });

        var plan = await site.DestroyAsync();

        Assert.Equal(
            [$"keep pool {site.Name}-ingestion: deployments of others use it",
                $"keep flow {site.Name}-load: deployments of others are of this flow"],
            plan.Actions.Where(a => a.Action == ActionKind.Keep).Select(a => $"{a}"));
        Assert.Equal($"{site.Name}-ingestion",
            (await server.GetAsync($"/deployments/{mine!["id"]}"))!["work_pool_name"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_flow_stays_with_its_runs_when_its_deployment_goes()
    {
        using var site = new Site(server);
        await site.ApplyAsync(site.Everything);
        var id = (await site.DeploymentAsync("load"))["id"];
        var run = await server.PostAsync($"/deployments/{id}/create_flow_run",
            new JsonObject { ["state"] = new JsonObject { ["type"] = "COMPLETED" } });

        var plan = await site.DestroyAsync();

        Assert.Equal($"keep flow {site.Name}-load: its runs would go as well",
            $"{Assert.Single(plan.Actions, a => a.Action == ActionKind.Keep)}");
        Assert.Equal("COMPLETED", (await server.GetAsync($"/flow_runs/{run!["id"]}"))!["state_type"]!.GetValue<string>());
    }

    [Fact]
    public async Task What_failed_in_the_middle_goes_on_where_it_was()
    {
        using var site = new Site(server);
        site.Tap.Refuses = call => call is { Method: "POST", Path: "/deployments/" };

        var failed = await Assert.ThrowsAsync<PrefectDeployException>(() => site.ApplyAsync(site.Everything));

        Assert.Contains("12 of 21 steps are done", failed.Message, StringComparison.Ordinal);
        Assert.Contains("run the same command again", failed.Message, StringComparison.Ordinal);
        Assert.Equal(12, site.Steps.Count);
        site.Tap.Refuses = _ => false;
        await site.ApplyAsync(site.Everything);
        Assert.Equal(9, site.Steps.Count);
        Assert.True((await site.PlanAsync(site.Everything)).IsEmpty);
    }

    [Fact]
    public async Task A_secret_that_the_server_refuses_does_not_come_back_in_the_message()
    {
        using var site = new Site(server);
        site.Tap.Refuses = call => call is { Method: "POST", Path: "/block_documents/" };

        var failed = await Assert.ThrowsAsync<PrefectDeployException>(() => site.ApplyAsync(site.Everything));

        Assert.DoesNotContain("s3cret", failed.ToString(), StringComparison.Ordinal);
        Assert.Contains("422", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Switches_that_people_turned_by_hand_stay_where_the_file_does_not_name_them()
    {
        using var site = new Site(server);
        await site.ApplyAsync(site.Everything);
        var deployment = await site.DeploymentAsync("load");
        var nightly = deployment["schedules"]!.AsArray().Single(s => s!["slug"]!.GetValue<string>() == "finks-nightly")!;
        await site.Client.SendJsonAsync(HttpMethod.Patch, $"/deployments/{deployment["id"]}/schedules/{nightly["id"]}",
            new JsonObject { ["active"] = false }, Site.Stop);
        await server.PostAsync($"/deployments/{deployment["id"]}/pause_deployment", new JsonObject());

        await site.ApplyAsync(site.Everything.Replace("attempts: 3", "attempts: 4", StringComparison.Ordinal));

        deployment = await site.DeploymentAsync("load");
        Assert.True(deployment["paused"]!.GetValue<bool>());
        Assert.False(deployment["schedules"]!.AsArray().Single(s => s!["slug"]!.GetValue<string>() == "finks-nightly")!["active"]!
            .GetValue<bool>());
    }

    [Fact]
    public async Task Queues_end_with_the_priorities_of_the_file_however_they_were_before()
    {
        using var site = new Site(server);
        await site.ApplyAsync(site.Everything);
        var swapped = site.Everything.Replace("{ name: urgent, priority: 1,", "{ name: urgent, priority: 2,", StringComparison.Ordinal)
            .Replace("{ name: slow, priority: 2 }", "{ name: slow, priority: 1 }\n      - { name: between, priority: 3 }",
                StringComparison.Ordinal);

        await site.ApplyAsync(swapped);

        var queues = await server.PostAsync($"/work_pools/{site.Name}-ingestion/queues/filter", new JsonObject());
        Assert.Equal(["slow", "urgent", "between"], queues!.AsArray().Where(q => q!["name"]!.GetValue<string>() != "default")
            .OrderBy(q => q!["priority"]!.GetValue<int>()).Select(q => q!["name"]!.GetValue<string>()));
        Assert.True((await site.PlanAsync(swapped)).IsEmpty);
    }

    [Fact]
    public async Task Fields_of_a_block_type_can_come_and_go()
    {
        using var site = new Site(server);
        await site.ApplyAsync(site.Everything);
        var more = site.Everything.Replace("{ name: host, required: true },", "{ name: host, required: true }, { name: port },",
            StringComparison.Ordinal);

        await site.ApplyAsync(more);
        Assert.True((await site.PlanAsync(more)).IsEmpty);
        await site.ApplyAsync(site.Everything);

        Assert.True((await site.PlanAsync(site.Everything)).IsEmpty);
    }

    /// <summary>One of each kind that has no mark.</summary>
    private async Task MakeForeignAsync(Site site)
    {
        var name = $"foreign-{site.Name}";
        await server.PostAsync("/variables/", new JsonObject { ["name"] = name, ["value"] = 1, ["tags"] = new JsonArray("finks") });
        await server.PostAsync("/v2/concurrency_limits/", new JsonObject { ["name"] = name, ["limit"] = 1 });
        await server.PostAsync("/block_types/", new JsonObject { ["name"] = name, ["slug"] = name });
        await server.PostAsync("/work_pools/", new JsonObject { ["name"] = name, ["type"] = "process", ["description"] = "of finks" });
        var flow = await server.PostAsync("/flows/", new JsonObject { ["name"] = name });
        await server.PostAsync("/deployments/", new JsonObject
        {
            ["name"] = name,
            ["flow_id"] = flow!["id"]!.DeepClone(),
            ["work_pool_name"] = name,
            ["tags"] = new JsonArray("finks")
        });
        await server.PostAsync("/automations/", new JsonObject
        {
            ["name"] = name,
            ["trigger"] = new JsonObject { ["type"] = "event", ["posture"] = "Reactive", ["expect"] = new JsonArray("x"), ["within"] = 0 },
            ["actions"] = new JsonArray(new JsonObject { ["type"] = "do-nothing" }),
        });
    }

    private static IEnumerable<string> Ids(JsonNode deployment) =>
        deployment["schedules"]!.AsArray().Select(s => $"{s!["slug"]} {s["id"]}").Order(StringComparer.Ordinal).ToList();

    private static string Sorted(JsonNode fields) =>
        new JsonObject(fields.AsObject().OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => KeyValuePair.Create(f.Key,
            f.Value?.DeepClone()))).ToJsonString();
}
