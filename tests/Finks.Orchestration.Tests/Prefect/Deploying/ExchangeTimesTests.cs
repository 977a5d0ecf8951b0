using System.Globalization;
using System.Text.Json.Nodes;
using Finks.Orchestration.Prefect.Deploying;
using Finks.Orchestration.Scheduling;

namespace Finks.Orchestration.Tests.Prefect.Deploying;

/// <summary>Schedules of an exchange as Prefect's servers read them.</summary>
public sealed class ExchangeTimesTests(PrefectServer server)
{
    private static readonly Schedule AfterClose = Schedule.Parse("exchange: XNYS; after_close: 30m");

    [Fact]
    public void The_times_of_2026_are_those_of_the_calendar_to_the_second()
    {
        var listed = Times(ExchangeTimes.Rule(AfterClose, At(2026, 2, 14))).Where(t => t.Year == 2026).ToList();

        var sessions = ExchangeCalendar.NewYork.Sessions(new DateOnly(2026, 1, 1), new DateOnly(2026, 12, 31)).ToList();
        Assert.Equal(251, sessions.Count);
        Assert.Equal(sessions.Select(s => s.Close + TimeSpan.FromMinutes(30)), listed);
        // Summer time, winter time, Thanksgiving, the early close of the day after, Good Friday: as the exchange has published them.
        Assert.Contains(At(2026, 7, 1, 20, 30), listed);
        Assert.Contains(At(2026, 11, 25, 21, 30), listed);
        Assert.DoesNotContain(listed, t => t.UtcDateTime.Date == new DateTime(2026, 11, 26));
        Assert.Contains(At(2026, 11, 27, 18, 30), listed);
        Assert.DoesNotContain(listed, t => t.UtcDateTime.Date == new DateTime(2026, 4, 3));
    }

    [Fact]
    public void The_list_changes_with_the_quarter_reaches_a_year_ahead_and_is_short_enough_for_the_server()
    {
        for (var quarter = At(2024, 1, 1); quarter.Year < 2034; quarter = quarter.AddMonths(3))
        {
            var rule = ExchangeTimes.Rule(AfterClose, quarter);
            Assert.Equal(rule, ExchangeTimes.Rule(AfterClose, quarter.AddMonths(3).AddTicks(-1)));
            Assert.NotEqual(rule, ExchangeTimes.Rule(AfterClose, quarter.AddMonths(3)));
            Assert.InRange(rule.Length, 5000, 6500);
            Assert.True(ExchangeTimes.End(rule) > quarter.AddMonths(15).AddDays(-5));
        }
    }

    /// <summary>The planner of Prefect's server is asked itself, with the schedule that a server has kept.</summary>
    [Fact]
    public async Task Prefects_own_planner_reads_the_times_of_the_calendar_from_the_server()
    {
        using var site = new Site(server);
        site.Clock.SetUtcNow(At(2026, 1, 15));
        await site.ApplyAsync(site.Everything);
        var kept = (await site.DeploymentAsync("load"))["schedules"]!.AsArray(
            ).Single(s => s!["slug"]!.GetValue<string>() == "finks-after-close")!["schedule"]!;

        var planned = Planned(kept, At(2026, 1, 15), At(2027, 1, 1));

        Assert.Equal(AfterClose.Occurrences(At(2026, 1, 15), At(2027, 1, 1)), planned);
        Assert.Equal(242, planned.Count);
    }

    [Fact]
    public async Task The_server_makes_a_run_for_each_time_of_the_calendar_and_no_other()
    {
        using var site = new Site(server);
        var now = new RealClock().GetUtcNow();
        site.Clock.SetUtcNow(now);
        await site.ApplyAsync(site.Everything.Replace("- { name: nightly", "- { name: nightly, active: false", StringComparison.Ordinal)
            .Replace("- { name: monthly", "- { name: monthly, active: false", StringComparison.Ordinal));
        var version = Oracle.Run(Python(), ["-c", "import sqlalchemy; print(sqlalchemy.__version__)"]).Output.Trim();
        if (Version.Parse(version) >= new Version(2, 1))
            Assert.Skip($"Prefect 3.8.3 plans no runs with SQLAlchemy {version}: pip install 'sqlalchemy<2.1'");
        var id = (await site.DeploymentAsync("load"))["id"]!;
        // From the day after tomorrow on all are to come for the server, too.
        var first = new DateTimeOffset(now.UtcDateTime.Date.AddDays(2), TimeSpan.Zero);
        var last = first.AddDays(60);

        await site.Client.SendJsonAsync(
            HttpMethod.Post, $"/deployments/{id}/schedule",
            new JsonObject { ["start_time"] = $"{first:O}", ["end_time"] = $"{last:O}", ["min_runs"] = 60, ["max_runs"] = 60 }, Site.Stop);

        var ofDeployment = new JsonObject
        {
            ["deployments"] =
            new JsonObject { ["id"] = new JsonObject { ["any_"] = new JsonArray(id.DeepClone()) } }
        };
        var runs = await site.Client.ListAsync("/flow_runs/filter", ofDeployment, Site.Stop);
        var planned = runs.Select(r => r["expected_start_time"]!.GetValue<DateTimeOffset>()).Where(t => t >= first && t <= last).Order(
            ).ToList();
        Assert.Equal(AfterClose.Occurrences(first.AddTicks(-1), last), planned);
        Assert.InRange(planned.Count, 38, 44);
        Assert.All(runs, r => Assert.Equal(9, r["parameters"]!["attempts"]!.GetValue<int>()));
    }

    private static List<DateTimeOffset> Planned(JsonNode schedule, DateTimeOffset from, DateTimeOffset to)
    {
        const string program = """
            import asyncio, datetime, json, sys
            from prefect.server.schemas.schedules import RRuleSchedule
            schedule = RRuleSchedule(**json.loads(sys.argv[1]))
            start, end = (datetime.datetime.fromisoformat(a) for a in sys.argv[2:])
            for date in asyncio.run(schedule.get_dates(n=1000, start=start, end=end)):
                print(date.isoformat())
            """;
        var run = Oracle.Run(Python(), ["-c", program, schedule.ToJsonString(), $"{from:yyyy-MM-ddTHH:mm:sszzz}",
            $"{to:yyyy-MM-ddTHH:mm:sszzz}"]);
        Assert.True(run.ExitCode == 0, run.Error);
        return [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(t => DateTimeOffset.Parse(t,
            CultureInfo.InvariantCulture))];
    }

    private static string Python() => Path.Combine(Oracle.Engine("prefect"), "bin", "python");

    private static DateTimeOffset At(int year, int month, int day, int hour = 0, int minute = 0) => new(year, month, day, hour, minute, 0,
        TimeSpan.Zero);

    private static IEnumerable<DateTimeOffset> Times(string rule) => rule[(rule.IndexOf("RDATE:", StringComparison.Ordinal) + 6)..].Split(
        ',').Select(
        t => DateTimeOffset.ParseExact(t, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
}
