using Finks.Orchestration.Prefect.Deploying;
using Finks.Orchestration.Scheduling;
using Finks.Pipelines.Flows;

namespace Finks.Orchestration.Tests.Prefect.Deploying;

public sealed class EnvironmentReaderTests
{
    private static readonly IReadOnlyList<Flow> Flows = [new SampleFlow("load")];

    [Fact]
    public void All_problems_of_a_file_are_told_at_once_each_with_its_place_and_what_to_do()
    {
        var problems = Problems("""
            environment: Dev!
            pool: []
            pools:
              - { name: a, type: proces, concurrency_limit: many }
              - { name: a, type: ecs, working_dir: /tmp, job_variables: { imag: x } }
              - { name: q, type: process, env: { N: 1 }, queues: [{ name: x, priority: 1 }, { name: y, priority: 1 }, { name: default, priority: 3 }] }
            deployments:
              - { flow: laod, name: d, pool: b }
              - { flow: load, name: d, pool: q, queue: z, parameters: { symbols: [A], attempt: 1 } }
              - { flow: load, name: e, pool: q, on_collision: wait }
              - flow: load
                name: f
                pool: q
                parameters: { symbols: [A] }
                schedules:
                  - { name: a, cron: "99 * * * *" }
                  - { name: b, cron: "0 2 * * *", every: 1h }
                  - { name: c, exchange: XETR, after_close: 30m }
                  - { name: d, rrule: nonsense }
                  - { name: e, rrule: "FREQ=MINUTELY" }
                  - { name: f, every: 1h, timezone: Mars/Olympus }
                  - { name: g, every: 1h, parameters: { attempts: many } }
            block_types:
              - { slug: db, fields: [{ name: password, secret: true }, { name: host, required: true }] }
            blocks:
              - { type: db, name: open, data: { password: hunter2, user: me } }
              - { type: db, name: unset, data: { host: h, password: { env: ABSENT } } }
            variables:
              - { name: A.B, value: 1 }
              - { name: c }
            limits:
              - { name: l, limit: -1 }
            automations:
              - { name: a, when: broken, do: [] }
              - { name: b, when: failed, within: 9m, deployments: [load/x], do: [{ crash: a, cancel: true }] }
              - { name: c, when: stuck, within: 1s, do: [{ run: { deployment: load/g } }, { notify: { block: slack } }] }
            """);

        var expected = new[]
        {
            "1:14: the environment: 'environment' is 'Dev!'. Write small letters",
            "2:1: the environment has the unknown key 'pool'. Did you mean 'pools'?",
            "the pool 'a' names the pool type 'proces', which is not there. Did you mean 'process'?",
            "the pool 'a': 'concurrency_limit' must be a number but is the text 'many'.",
            "'a' is 2 times in 'pools'",
            "only pools of type process have a working_dir",
            "has the unknown key 'imag'. Did you mean 'image'?",
            "'N' must be text but is 1. Put quotes around it.",
            "'priority 1' is 2 times",
            "the server makes the queue 'default' for each pool",
            "names the flow 'laod', which is not there. Did you mean 'load'?",
            "names the pool 'b', which is not there.",
            "names the queue 'z', which is not there.",
            "The parameters of flow load are wrong",
            "names the strategy 'wait', which is not there. Use one of: cancel_new, enqueue.",
            "'99 * * * *' is no cron expression",
            "The settings cron, every make no schedule",
            "There is no calendar of the exchange 'XETR'",
            "'rrule' has 8 characters and no FREQ",
            "a rule of minutes or seconds overloads the server. Write 'every: 15m' instead.",
            "there is no time zone 'Mars/Olympus'",
            "schedule 7 of the deployment 'load/f': The parameters of flow load are wrong",
            "'password' is secret and stands in the file. Write {env: NAME}",
            "has the unknown key 'user'",
            "'data' of the block 'db/open' lacks the required key 'host'",
            "comes from the environment variable ABSENT, which is not set. Set ABSENT",
            "'name' is 'A.B'. Write small letters, digits, dashes and underscores",
            "lacks the required key 'value'",
            "'limit' is -1",
            "names the trigger 'broken'",
            "acts at once when a run failed",
            "names the deployment 'load/x', which is not there.",
            "must say one thing. Use one of: crash, cancel, notify, webhook, run.",
            "'within' is '1s'. Write a duration of at least 10s",
            "names the deployment 'load/g', which is not there.",
            "'block' is 'slack'. Write TYPE/NAME",
        };
        Assert.All(expected, text => Assert.Contains(problems, p => p.Contains(text, StringComparison.Ordinal)));
        Assert.All(problems, p => Assert.Matches(@"^test\.yaml:\d+:\d+: .+[.?]", p));
        Assert.DoesNotContain(problems, p => p.Contains("hunter2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "is one YAML document")]
    [InlineData("- a", "is one YAML document")]
    [InlineData("environment: [", "not valid YAML")]
    [InlineData("environment: a\nenvironment: b", "not valid YAML")]
    public void A_file_that_is_no_environment_is_told_so(string text, string problem) =>
        Assert.Contains(problem, Assert.Single(Problems(text)), StringComparison.Ordinal);

    [Fact]
    public void A_deployment_has_the_environment_of_its_pool_beneath_its_own()
    {
        var environment = EnvironmentReader.Read(
            """
            environment: a
            pools: [{ name: p, type: process, env: { A: "1", B: "2" } }]
            deployments: [{ flow: load, name: d, pool: p, parameters: { symbols: [] }, env: { B: "3" } }]
            """,
            "test.yaml", Flows, _ => null);

        Assert.Equal("""{"env":{"A":"1","B":"3"}}""", Assert.Single(environment.Deployments).JobVariables.ToJsonString());
        Assert.Equal("finks flow-run execute", Assert.Single(environment.Pools).Defaults["command"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("dev")]
    [InlineData("prod")]
    public void The_files_that_Finks_brings_deploy_each_flow_on_three_pools(string name)
    {
        var flows = FlowCatalog.Descriptions;

        var environment = EnvironmentReader.Read(Path.Combine(Checkout.Root, "deploy", "prefect", $"{name}.yaml"), flows, _ => "a value");

        Assert.Equal(name, environment.Name);
        Assert.Equal(flows.Select(f => f.Name).Order(), environment.Deployments.Select(d => d.Flow).Order());
        Assert.Equal([$"{name}-ingestion", $"{name}-transformation", $"{name}-lightweight"], environment.Pools.Select(p => p.Name));
        Assert.All(environment.Pools, p => Assert.Equal("finks flow-run execute", p.Defaults["command"]!.GetValue<string>()));
        var afterClose = Assert.IsType<Schedule.AfterClose>(environment.Deployments.Single(d => d.Flow == "daily").Schedules[0].Exchange);
        // Before 18:00 in New York the prices of a day are not final, also on days that close early: the 27th of November closes at 13:00.
        Assert.True(afterClose.NextAfter(new DateTimeOffset(2026, 11, 27, 18, 0, 0, TimeSpan.Zero)) >= new DateTimeOffset(2026, 11, 27,
            23, 0, 0, TimeSpan.Zero));
    }

    private static IReadOnlyList<string> Problems(string text) =>
        Assert.Throws<EnvironmentFileException>(() => EnvironmentReader.Read(text, "test.yaml", Flows, _ => null)).Problems;
}
