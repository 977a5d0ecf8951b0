using Finks.Orchestration.Prefect.Deploying;
using Finks.Orchestration.Scheduling;
using Finks.Pipelines.Flows;

namespace Finks.Orchestration.Tests.Prefect.Deploying;

public sealed class LocalSchedulesTests
{
    private static readonly IReadOnlyList<Flow> Flows = [new SampleFlow("load")];

    [Fact]
    public void A_file_without_pools_gives_schedules_with_their_parameters_over_those_of_the_deployment()
    {
        var schedules = Of("""
            environment: dev
            deployments:
              - flow: load
                name: here
                parameters: { symbols: [A], attempts: 2 }
                schedules:
                  - { name: evening, exchange: XNYS, after_close: 30m }
                  - { name: night, cron: "0 2 * * *", timezone: Europe/Berlin, catch_up: all, parameters: { attempts: 5 } }
                  - { name: often, every: 15m, catch_up: skip, active: false }
              - { flow: load, name: off, paused: true, parameters: { symbols: [] }, schedules: [{ name: a, every: 1h }] }
            """);

        Assert.Equal(["load/here/evening", "load/here/night", "load/here/often", "load/off/a"], schedules.Select(s => s.Flow.Name));
        Assert.All(schedules, s => Assert.Equal("load", s.Flow.Flow));
        Assert.Equal(
            ["exchange: XNYS; after_close: 30m", "cron: 0 2 * * *; timezone: Europe/Berlin", "every: 15m", "every: 1h"],
            schedules.Select(s => s.Flow.Schedule.ToString()));
        Assert.Equal([CatchUp.Latest, CatchUp.All, CatchUp.Skip, CatchUp.Latest], schedules.Select(s => s.Flow.CatchUp));
        Assert.Equal([true, true, false, false], schedules.Select(s => s.IsOn));
        Assert.Equal("""{"symbols":["A"],"attempts":5}""", schedules[1].Flow.Parameters.ToJsonString());
    }

    [Theory]
    [InlineData("rrule: 'FREQ=DAILY'", "only a Prefect server runs")]
    [InlineData("", "no schedule")]
    public void What_cannot_run_here_is_told(string schedule, string problem)
    {
        var schedules = schedule.Length == 0 ? "" : $", schedules: [{{ name: a, {schedule} }}]";

        var error = Assert.Throws<ScheduleException>(() => Of($"environment: dev\ndeployments: [{{ flow: load, name: x, parameters: {{ symbols: [] }}{schedules} }}]"));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_policy_is_told_with_its_place()
    {
        var error = Assert.Throws<EnvironmentFileException>(() => Of(
            "environment: dev\ndeployments: [{ flow: load, name: x, parameters: { symbols: [] }, schedules: [{ name: a, every: 1h, catch_up: lastest }] }]"));

        Assert.Contains("test.yaml:2:", Assert.Single(error.Problems), StringComparison.Ordinal);
        Assert.Contains("Did you mean 'latest'?", error.Problems[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("schedule.yaml")]
    [InlineData("prefect/dev.yaml")]
    [InlineData("prefect/prod.yaml")]
    public void The_files_that_Finks_brings_run_without_a_server_too(string file) =>
        Assert.Contains(
            LocalSchedules.Of(EnvironmentReader.Read(Checkout.PathOf("deploy", file), FlowCatalog.Descriptions, _ => "", forServer: false)),
            s => s.Flow is { Flow: "daily", Schedule: Schedule.AfterClose } && s.IsOn);

    private static IReadOnlyList<LocalSchedule> Of(string text) => LocalSchedules.Of(EnvironmentReader.Read(text, "test.yaml", Flows, _ => null, forServer: false));
}
