using System.Globalization;
using CsCheck;
using Finks.Orchestration.Scheduling;

namespace Finks.Orchestration.Tests.Scheduling;

public sealed class ScheduleTests
{
    private static readonly DateTimeOffset Origin = At("2026-01-01T00:00Z");

    private static readonly Gen<TimeSpan> Offsets = Gen.Int[0, 7 * 24 * 3600].Select(seconds => TimeSpan.FromSeconds(seconds));

    internal static readonly Gen<Schedule> Schedules = Gen.OneOf(
        Gen.Select(Gen.Int[0, 59], Gen.Int[0, 23], Any("UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"))
            .Select((minute, hour, zone) => (Schedule)new Schedule.Cron($"{minute} {hour} * * *", zone)),
        Any("*/7 * * * *", "0 9-17 * * MON-FRI", "15 3 1 * *", "0 12 * * SUN").Select(cron => (Schedule)new Schedule.Cron(cron, "America/New_York")),
        Offsets.Select(offset => (Schedule)new Schedule.AfterClose("XNYS", offset)),
        Offsets.Select(offset => (Schedule)new Schedule.BeforeOpen("XNYS", offset)),
        Gen.Int[60, 3 * 24 * 3600].Select(seconds => (Schedule)new Schedule.Every(TimeSpan.FromSeconds(seconds))));

    internal static readonly Gen<DateTimeOffset> Times = Gen.Int[0, 2 * 365 * 24 * 3600].Select(seconds => Origin.AddSeconds(seconds));

    [Fact]
    public void Its_text_reads_back_as_the_same_schedule() =>
        Schedules.Sample(schedule => Assert.Equal(schedule, Schedule.Parse(schedule.ToString())));

    [Fact]
    public void Times_grow_and_none_is_between_one_and_its_next() => Gen.Select(Schedules, Times, Gen.Double[0, 1]).Sample((schedule, time, between) =>
    {
        var next = schedule.NextAfter(time)!.Value;

        Assert.True(next > time);
        Assert.Equal(TimeSpan.Zero, next.Offset);
        Assert.Equal(next, schedule.NextAfter(time + ((next - time) * between * 0.999)));
    });

    [Fact]
    public void Splitting_a_range_changes_nothing() => Gen.Select(Schedules, Times, Gen.Int[0, 9 * 86400], Gen.Int[0, 9 * 86400]).Sample((schedule, from, first, second) =>
    {
        var middle = from.AddSeconds(first);
        var to = middle.AddSeconds(second);

        Assert.Equal(schedule.Occurrences(from, to), [.. schedule.Occurrences(from, middle), .. schedule.Occurrences(middle, to)]);
    });

    [Fact]
    public void The_latest_is_the_last_of_all() => Gen.Select(Schedules, Times, Gen.Int[-9, 20 * 86400]).Sample((schedule, from, seconds) =>
    {
        var to = from.AddSeconds(seconds);

        Assert.Equal(schedule.Occurrences(from, to).Select(t => (DateTimeOffset?)t).LastOrDefault(), schedule.LatestOccurrence(from, to));
    });

    [Fact]
    public void The_latest_of_a_century_of_seconds_is_found_at_once() =>
        Assert.Equal(At("2026-05-05T05:05:05Z"), new Schedule.Every(TimeSpan.FromSeconds(1)).LatestOccurrence(At("1926-01-01T00:00Z"), At("2026-05-05T05:05:05.5Z")));

    [Fact]
    public void After_the_close_follows_the_sessions_with_their_early_closes()
    {
        var schedule = new Schedule.AfterClose("XNYS", TimeSpan.FromMinutes(30));

        Assert.Equal(
            ["2024-07-02T20:30Z", "2024-07-03T17:30Z", "2024-07-05T20:30Z", "2024-07-08T20:30Z"],
            Texts(schedule.Occurrences(At("2024-07-02T00:00Z"), At("2024-07-08T20:30Z"))));
    }

    [Fact]
    public void Before_the_opening_may_be_the_day_before()
    {
        var schedule = new Schedule.BeforeOpen("XNYS", TimeSpan.FromHours(20));

        Assert.Equal(["2026-11-19T18:30Z", "2026-11-22T18:30Z"], Texts(schedule.Occurrences(At("2026-11-19T00:00Z"), At("2026-11-23T00:00Z"))));
    }

    [Fact]
    public void A_schedule_of_an_exchange_begins_with_its_calendar() =>
        Assert.Equal(At("1990-01-02T21:00Z"), new Schedule.AfterClose("XNYS", TimeSpan.Zero).NextAfter(At("1980-01-01T00:00Z")));

    [Theory]
    [InlineData("30 2 * * *", "2026-03-07T12:00Z", "2026-03-08T07:00Z")] // skipped: when the clocks have jumped, 03:00
    [InlineData("30 1 * * *", "2026-10-31T12:00Z", "2026-11-01T05:30Z")] // comes twice: the first time
    [InlineData("30 1 * * *", "2026-11-01T05:30Z", "2026-11-02T06:30Z")] // and not the second
    [InlineData("*/30 * * * *", "2026-11-01T05:30Z", "2026-11-01T06:00Z")] // within the hour: both times
    [InlineData("0 2 * * *", "2026-06-30T12:00Z", "2026-07-01T06:00Z")]
    [InlineData("0 2 * * *", "2026-12-30T12:00Z", "2026-12-31T07:00Z")]
    public void Cron_keeps_the_local_hour_where_clocks_change(string expression, string after, string next) =>
        Assert.Equal(At(next), new Schedule.Cron(expression, "America/New_York").NextAfter(At(after)));

    [Fact]
    public void A_cron_day_that_never_comes_has_no_next_time() => Assert.Null(new Schedule.Cron("0 0 30 2 *", "UTC").NextAfter(Origin));

    [Theory]
    [InlineData("0 2 * * *")]
    [InlineData("*/15 9-17 * * 1-5")]
    [InlineData("5,35 */6 * * *")]
    [InlineData("0 0 1 1,4,7,10 *")]
    [InlineData("0 0 31 * *")]
    [InlineData("30 23 29 2 *")]
    [InlineData("0 12 * * SUN")]
    [InlineData("0 12 * * 7")]
    [InlineData("59 23 L * *")]
    public void Cron_has_the_times_that_Prefect_gives_it(string expression)
    {
        const string script =
            """
            import sys, datetime
            from prefect._vendor.croniter import croniter
            times = croniter(sys.argv[1], datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc), day_or=True)
            print("\n".join(times.get_next(datetime.datetime).strftime("%Y-%m-%dT%H:%MZ") for _ in range(int(sys.argv[2]))))
            """;
        const int count = 40;
        var prefect = Oracle.Run(Oracle.Python("prefect"), ["-c", script, expression, $"{count}"]);
        Assert.True(prefect.ExitCode == 0, prefect.Error);

        Assert.Equal(prefect.Output.TrimEnd().Split('\n'), Texts(new Schedule.Cron(expression, "UTC").Occurrences(Origin, DateTimeOffset.MaxValue).Take(count)));
    }

    [Fact]
    public void Intervals_count_from_1970_whenever_one_asks()
    {
        var schedule = new Schedule.Every(TimeSpan.FromHours(7));

        Assert.Equal(["1969-12-31T17:00Z", "1970-01-01T00:00Z", "1970-01-01T07:00Z"], Texts(schedule.Occurrences(At("1969-12-31T16:59:59Z"), At("1970-01-01T13:59Z"))));
    }

    [Theory]
    [InlineData("cron: \"0 2 * * *\"\ntimezone: America/New_York", "cron: 0 2 * * *; timezone: America/New_York")]
    [InlineData("cron: 0  2 * *   MON-FRI", "cron: 0 2 * * MON-FRI; timezone: UTC")]
    [InlineData("exchange: XNYS; after_close: 90m", "exchange: XNYS; after_close: 1h30m")]
    [InlineData("before_open: 0s; exchange: XNYS;", "exchange: XNYS; before_open: 0s")]
    [InlineData("every: 1d2h3m4s", "every: 1d2h3m4s")]
    public void What_people_write_is_understood(string text, string meaning) => Assert.Equal(meaning, Schedule.Parse(text).ToString());

    [Theory]
    [InlineData("", "It is empty")]
    [InlineData("daily", "'daily' has no colon")]
    [InlineData("every: 1m; every: 2m", "'every' is there twice")]
    [InlineData("every: 15m; timezone: UTC", "every, timezone make no schedule")]
    [InlineData("every: fifteen", "every is 'fifteen', which is no duration")]
    [InlineData("every: ", "every is '', which is no duration")]
    [InlineData("every: 0s", "must be whole seconds from 1s")]
    [InlineData("every: 999999d", "to 366d")]
    [InlineData("cron: 0 2 * *", "it has 4 fields")]
    [InlineData("cron: 0 0 2 * * *", "it has 6 fields")]
    [InlineData("cron: 61 2 * * *", "'61 2 * * *' is no cron expression")]
    [InlineData("cron: 0 2 13 * FRI", "read in two ways")]
    [InlineData("cron: 0 2 * * *; timezone: Pacific Standard Time", "no time zone 'Pacific Standard Time'")]
    [InlineData("exchange: XNYS; after_close: 8d", "from 0s to 7d")]
    [InlineData("exchange: XNYS; after_close: -30m", "'-30m', which is no duration")]
    [InlineData("exchange: NYSE; after_close: 30m", "no calendar of the exchange 'NYSE'")]
    public void What_cannot_be_understood_is_refused_with_the_reason(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<ScheduleException>(() => Schedule.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_error_says_where_the_schedule_stands()
    {
        var error = Assert.Throws<ScheduleException>(() => Schedule.Parse(new Dictionary<string, string> { ["cron"] = "nightly" }, "finks.yaml, line 7"));

        Assert.StartsWith("The schedule in finks.yaml, line 7 is wrong. 'nightly' is no cron expression", error.Message, StringComparison.Ordinal);
    }

    private static Gen<string> Any(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static IEnumerable<string> Texts(IEnumerable<DateTimeOffset> times) =>
        times.Select(t => t.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture));
}
