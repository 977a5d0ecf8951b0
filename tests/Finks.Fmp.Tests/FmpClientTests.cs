using System.Security.Cryptography;
using Finks.Simulator;

namespace Finks.Fmp.Tests;

public class FmpClientTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reply_carries_the_bytes_their_hash_the_headers_and_the_time()
    {
        await using var stage = await Stage.SetAsync();
        var reply = await stage.Client.GetAsync(Stage.Profile, Stop);

        using var raw = new HttpClient();
        var expected = await raw.GetByteArrayAsync(new Uri(stage.Server.BaseAddress, Stage.Profile.PathAndQuery + "&apikey=other"), Stop);
        Assert.Equal(expected, reply.Body);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(expected)), reply.Sha256);
        Assert.Equal(ReplyOutcome.Rows, reply.Outcome);
        Assert.Equal((200, 1, ""), (reply.Status, reply.Attempts, reply.Message));
        Assert.Equal(stage.Clock.GetUtcNow(), reply.FetchedAt);
        Assert.Equal("application/json; charset=utf-8", reply.Header("content-type"));
        Assert.StartsWith($"W/\"{expected.Length:x}-", reply.Header("ETag"));
        Assert.NotNull(reply.Header("Date"));
        Assert.Empty(stage.Clock.Waits);
    }

    [Theory]
    [InlineData(FaultKind.ServerError)]
    [InlineData(FaultKind.Garbage)]
    [InlineData(FaultKind.Truncated)]
    [InlineData(FaultKind.Throttled)]
    [InlineData(FaultKind.ErrorObject)]
    [InlineData(FaultKind.ConnectionReset)]
    [InlineData(FaultKind.ConnectionCut)]
    public async Task What_is_transient_is_asked_for_again(FaultKind kind)
    {
        await using var stage = await Stage.SetAsync(new FaultRule(kind) { Times = 2 });
        var reply = await stage.Client.GetAsync(Stage.Profile, Stop);
        Assert.Equal((ReplyOutcome.Rows, 3), (reply.Outcome, reply.Attempts));
        Assert.Equal(3, stage.Server.RequestCount);
    }

    [Fact]
    public async Task Waits_double_and_jitter_adds_up_to_a_half()
    {
        await using var stage = await Stage.SetAsync(new FaultRule(FaultKind.ServerError) { Times = null });
        var reply = await stage.Client.GetAsync(Stage.Profile, Stop);
        Assert.Equal((ReplyOutcome.ServerError, 5, 500), (reply.Outcome, reply.Attempts, reply.Status));

        var draws = new Random(7);
        var expected = Enumerable.Range(0, 4).Select(i => Math.Pow(2, i) * (1 + (draws.NextDouble() / 2)));
        Assert.Equal(expected, stage.Clock.Waits.Select(w => w.TotalSeconds), (a, b) => Math.Abs(a - b) < 0.0011); // timers count whole milliseconds
    }

    [Theory]
    [InlineData(7, 7)]
    [InlineData(600, 120)]
    [InlineData(0, 0)]
    public async Task Retry_After_rules_up_to_two_minutes(int asked, int waited)
    {
        await using var stage = await Stage.SetAsync(new FaultRule(FaultKind.Throttled) { RetryAfter = TimeSpan.FromSeconds(asked) });
        var reply = await stage.Client.GetAsync(Stage.Profile, Stop);
        Assert.Equal(ReplyOutcome.Rows, reply.Outcome);
        Assert.Equal(waited, stage.Clock.Waits.Sum(w => w.TotalSeconds));
    }

    [Theory]
    [InlineData("120", 120.0)]
    [InlineData("0", 0.0)]
    [InlineData("Fri, 14 Mar 2025 15:10:26 GMT", 60.0)]
    [InlineData("Fri, 14 Mar 2025 15:00:00 GMT", 0.0)]
    [InlineData("soon", null)]
    [InlineData("-5", null)]
    [InlineData(null, null)]
    public void Retry_After_is_seconds_or_a_date(string? value, double? seconds) =>
        Assert.Equal(seconds, RetryAfter.Parse(value, new DateTimeOffset(2025, 3, 14, 15, 9, 26, TimeSpan.Zero))?.TotalSeconds);

    [Fact]
    public async Task Throttling_that_outlasts_a_minute_is_the_quota()
    {
        await using var stage = await Stage.SetAsync(new FaultRule(FaultKind.Throttled) { Times = null });
        var reply = await stage.Client.GetAsync(Stage.Profile, Stop);
        Assert.Equal(ReplyOutcome.ThrottledQuota, reply.Outcome);
        Assert.True(stage.Clock.Waits.Sum(w => w.TotalSeconds) > 60);
    }

    [Fact]
    public async Task Garbage_is_returned_as_it_came_after_three_attempts()
    {
        await using var stage = await Stage.SetAsync(new FaultRule(FaultKind.Garbage) { Times = null });
        var reply = await stage.Client.GetAsync(Stage.Profile, Stop);
        Assert.Equal((ReplyOutcome.Garbage, 3, 200), (reply.Outcome, reply.Attempts, reply.Status));
        Assert.Contains((byte)0, reply.Body);
    }

    [Fact]
    public async Task A_reply_that_breaks_off_keeps_what_came()
    {
        await using var whole = await Stage.SetAsync();
        var body = (await whole.Client.GetAsync(Stage.Profile, Stop)).Body;
        await using var stage = await Stage.SetAsync(new FaultRule(FaultKind.ConnectionCut) { Times = null });
        var reply = await stage.Client.GetAsync(Stage.Profile, Stop);
        Assert.Equal((ReplyOutcome.Garbage, 3), (reply.Outcome, reply.Attempts));
        Assert.Equal(body[..(body.Length / 2)], reply.Body);
        Assert.Contains("connection broke", reply.Message);
    }

    [Theory]
    [InlineData("/stable/nowhere", ReplyOutcome.UnknownPath)]
    [InlineData("/api/v3/profile/AAPL", ReplyOutcome.Forbidden)]
    [InlineData("/stable/dividends", ReplyOutcome.BadRequest)]
    public async Task What_is_final_is_not_asked_for_again(string path, ReplyOutcome expected)
    {
        await using var stage = await Stage.SetAsync();
        var reply = await stage.Client.GetAsync(new FmpRequest(path), Stop);
        Assert.Equal((expected, 1), (reply.Outcome, reply.Attempts));
        Assert.Equal(1, stage.Server.RequestCount);
    }

    [Fact]
    public async Task No_answer_at_all_throws_and_says_what_to_do()
    {
        await using var stage = await Stage.SetAsync(new FaultRule(FaultKind.ConnectionReset) { Times = null });
        var thrown = await Assert.ThrowsAsync<FmpTransportException>(() => stage.Client.GetAsync(Stage.Profile, Stop));
        Assert.Equal(5, thrown.Attempts);
        Assert.Contains("/stable/profile?symbol=FKA01", thrown.Message);
        Assert.EndsWith("run the same request again.", thrown.Message);
    }

    [Fact]
    public async Task A_slow_answer_runs_into_the_time_limit()
    {
        var serverClock = new StoppedClock();
        await using var server = await SimulatorServer.StartAsync(
            new SimulatorOptions { Faults = [new FaultRule(FaultKind.Slow)] }, new SyntheticMarket(new DateOnly(2025, 3, 14), symbols: 1, years: 1), serverClock, Stop);
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        using var http = new HttpClient(FmpClient.CreateHandler());
        var client = new FmpClient(http, new FmpOptions { ApiKey = Stage.Key, BaseAddress = server.BaseAddress, MaxAttempts = 1, MaxAttemptsForGarbage = 1 }, clock, new Random(1));

        var asking = client.GetAsync(Stage.Profile, Stop);
        await serverClock.Waiting;
        clock.Advance(TimeSpan.FromSeconds(30));
        var thrown = await Assert.ThrowsAsync<FmpTransportException>(() => asking);
        Assert.Contains("within 30 s", thrown.Message);
    }

    [Fact]
    public async Task A_caller_who_gives_up_gets_a_cancellation()
    {
        await using var stage = await Stage.SetAsync(new FaultRule(FaultKind.Slow) { Times = null });
        using var giveUp = new CancellationTokenSource();
        var asking = stage.Client.GetAsync(Stage.Profile, giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Fact]
    public async Task Calls_beyond_the_burst_keep_the_rate()
    {
        await using var stage = await Stage.SetAsync(options => options with { CallsPerMinute = 60, Burst = 3 });
        for (var call = 0; call < 8; call++)
            await stage.Client.GetAsync(Stage.Profile, Stop);
        Assert.Equal(Enumerable.Repeat(1.0, 5), stage.Clock.Waits.Select(w => w.TotalSeconds));
    }
}
