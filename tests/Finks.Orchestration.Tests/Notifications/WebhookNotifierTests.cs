using System.Globalization;
using Finks.Orchestration.Notifications;

namespace Finks.Orchestration.Tests.Notifications;

public sealed class WebhookNotifierTests : IDisposable
{
    private readonly WebhookSink _sink = new();
    private readonly HttpClient _http = new();
    private readonly ImpatientClock _clock = new();

    public void Dispose()
    {
        _http.Dispose();
        _sink.Dispose();
    }

    [Fact]
    public async Task A_message_is_posted_as_JSON_with_the_fields_of_the_notification()
    {
        Assert.Null(await SendAsync(new NotificationMessage(Samples.Failure, Repeats: 3)));

        var body = Assert.Single(_sink.Bodies);
        Assert.Equal("application/json; charset=utf-8", Assert.Single(_sink.ContentTypes));
        Assert.Equal("prod", body.Text("environment"));
        Assert.Equal("daily", body.Text("flow"));
        Assert.Equal("01234567-89ab-cdef-0123-456789abcdef", body.Text("flow_run_id"));
        Assert.Equal("failed", body.Text("outcome"));
        Assert.Equal("prod: daily failed", body.Text("title"));
        Assert.Equal(Samples.Failure.Reason, body.Text("reason"));
        Assert.Equal(Samples.Failure.NextCommand, body.Text("next_command"));
        Assert.Equal("https://finks.example.com/runs/01234567?tab=log", body.Text("link"));
        Assert.Equal("2026-11-23T09:00:00Z", body.Text("occurred_at"));
        Assert.Equal(3, body["repeats"]!.GetValue<long>());
        Assert.False(body["recovery"]!.GetValue<bool>());
    }

    [Fact]
    public async Task PagerDuty_gets_an_alert_and_its_end_and_nothing_else()
    {
        var notifier = new WebhookNotifier(new WebhookTarget.PagerDuty("duty", new Secret("R0UT1NGKEY"), new Secret(_sink.Url)), _http, _clock);
        NotificationMessage[] messages = [new(Samples.Failure), new(Samples.Success), new(Samples.Success, IsRecovery: true)];

        foreach (var message in messages)
            Assert.Null(await notifier.SendAsync(message, TestContext.Current.CancellationToken));

        Assert.Equal(["trigger", "resolve"], _sink.Bodies.Select(body => body.Text("event_action")));
        Assert.Single(_sink.Bodies.Select(body => body.Text("dedup_key")).Distinct());
    }

    [Fact]
    public async Task What_may_pass_is_tried_again_with_growing_pauses()
    {
        foreach (var status in new[] { 500, 503, 408 })
            _sink.Answers.Enqueue((status, null));

        Assert.Null(await SendAsync(new NotificationMessage(Samples.Failure)));

        Assert.Equal(4, _sink.Bodies.Count);
        Assert.Equal([1, 2, 4], _clock.Pauses.Select(p => p.TotalSeconds));
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("3600", 60)] // no longer than a minute
    [InlineData("0", 1)] // no sooner than without
    [InlineData("Mon, 23 Nov 2026 09:00:20 GMT", 20)]
    public async Task A_service_that_asks_for_a_pause_gets_it(string retryAfter, int seconds)
    {
        _sink.Answers.Enqueue((429, retryAfter));

        Assert.Null(await SendAsync(new NotificationMessage(Samples.Failure)));

        Assert.Equal(TimeSpan.FromSeconds(seconds), Assert.Single(_clock.Pauses));
    }

    [Fact]
    public async Task What_does_not_pass_is_given_up_after_four_attempts()
    {
        for (var i = 0; i < 9; i++)
            _sink.Answers.Enqueue((502, null));

        var problem = await SendAsync(new NotificationMessage(Samples.Failure));

        Assert.Equal(4, _sink.Bodies.Count);
        Assert.Equal("The notification was not delivered by hook in 4 attempts: the service answered 502. It may pass.", problem?.Message);
    }

    [Theory]
    [InlineData(400, "of this kind of service")]
    [InlineData(401, "make a new one")]
    [InlineData(403, "make a new one")]
    [InlineData(404, "URL is not valid any more")]
    [InlineData(410, "URL is not valid any more")]
    public async Task What_cannot_pass_is_tried_once_and_the_problem_says_what_to_do(int status, string advice)
    {
        _sink.Answers.Enqueue((status, null));

        var problem = await SendAsync(new NotificationMessage(Samples.Failure));

        Assert.Single(_sink.Bodies);
        Assert.Contains(status.ToString(CultureInfo.InvariantCulture), problem!.Message, StringComparison.Ordinal);
        Assert.Contains(advice, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_a_problem_and_no_exception()
    {
        var gone = $"http://127.0.0.1:{WebhookSink.FreePort()}{WebhookSink.SecretPath}";

        var problem = await new WebhookNotifier(new WebhookTarget.Json("hook", new Secret(gone)), _http, _clock)
            .SendAsync(new NotificationMessage(Samples.Failure), TestContext.Current.CancellationToken);

        Assert.Contains("cannot be reached (ConnectionError)", problem!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_does_not_answer_is_given_up()
    {
        _sink.IsSilent = true;

        var problem = await SendAsync(new NotificationMessage(Samples.Failure), new ImpatientClock(timesOut: true));

        Assert.Contains("in 4 attempts: there was no answer within 10 seconds.", problem!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_sender_stops()
    {
        _sink.IsSilent = true;
        using var cancellation = new CancellationTokenSource();
        var sending = new WebhookNotifier(new WebhookTarget.Json("hook", new Secret(_sink.Url)), _http, _clock).SendAsync(new NotificationMessage(Samples.Failure), cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    [Theory]
    [InlineData("not a url: verysecrettoken")]
    [InlineData("ftp://verysecrettoken.example.com")]
    [InlineData("/verysecrettoken")]
    public void A_URL_that_is_none_is_refused_without_repeating_it(string url)
    {
        var error = Assert.Throws<ArgumentException>(() => new WebhookNotifier(new WebhookTarget.Slack("hook", new Secret(url)), _http, _clock));

        Assert.Contains("'hook'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("verysecrettoken", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_print_no_secret()
    {
        var settings = new NotificationSettings
        {
            Webhooks = [new WebhookTarget.Json("a", new Secret("verysecret")), new WebhookTarget.Slack("b", new Secret("verysecret")), new WebhookTarget.PagerDuty("c", new Secret("verysecret"), new Secret("verysecret"))],
            Smtp = new SmtpSettings { Host = "h", From = "f@x", To = ["t@x"], User = "u", Password = new Secret("verysecret") },
        };

        foreach (var text in settings.Webhooks.Select(w => w.ToString()).Append(settings.ToString()).Append(System.Text.Json.JsonSerializer.Serialize(settings)))
            Assert.DoesNotContain("verysecret", text, StringComparison.Ordinal);
        Assert.Contains("***", settings.Smtp.ToString(), StringComparison.Ordinal);
    }

    private Task<NotificationProblem?> SendAsync(NotificationMessage message, ImpatientClock? clock = null) =>
        new WebhookNotifier(new WebhookTarget.Json("hook", new Secret(_sink.Url)), _http, clock ?? _clock).SendAsync(message, TestContext.Current.CancellationToken);
}
