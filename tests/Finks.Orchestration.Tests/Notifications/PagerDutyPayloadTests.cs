using CsCheck;
using Finks.Orchestration.Notifications;

namespace Finks.Orchestration.Tests.Notifications;

/// <summary>Fields and limits as in PagerDuty's reference of the Events API v2.</summary>
public sealed class PagerDutyPayloadTests
{
    private static readonly Secret Key = new("R0UT1NGKEY");

    [Fact]
    public void A_failure_triggers_an_alert()
    {
        var request = PagerDutyPayload.Of(new NotificationMessage(Samples.Failure, Repeats: 3), Key)!;

        Assert.Equal("trigger", request.Text("event_action"));
        Assert.Equal("R0UT1NGKEY", request.Text("routing_key"));
        Assert.Equal("finks/prod/daily", request.Text("dedup_key"));
        Assert.Equal("prod: daily failed: The gate refused 3 rows of <prices> & more.", request.Text("payload", "summary"));
        Assert.Equal("finks/prod", request.Text("payload", "source"));
        Assert.Equal("error", request.Text("payload", "severity"));
        Assert.Equal("2026-11-23T09:00:00Z", request.Text("payload", "timestamp"));
        Assert.Equal(Samples.Failure.NextCommand, request.Text("payload", "custom_details", "next_command"));
        Assert.Equal("https://finks.example.com/runs/01234567?tab=log", request.Text("links", 0, "href"));
    }

    [Fact]
    public void The_recovery_resolves_the_alert_of_the_failure_whatever_the_reason_was()
    {
        var trigger = PagerDutyPayload.Of(new NotificationMessage(Samples.Failure with { Reason = "another" }), Key)!;
        var resolve = PagerDutyPayload.Of(new NotificationMessage(Samples.Success, IsRecovery: true), Key)!;

        Assert.Equal("resolve", resolve.Text("event_action"));
        Assert.Equal(trigger.Text("dedup_key"), resolve.Text("dedup_key"));
        Assert.Equal("R0UT1NGKEY", resolve.Text("routing_key"));
        Assert.False(resolve.ContainsKey("payload"));
    }

    [Fact]
    public void A_success_that_ends_no_failure_says_nothing() =>
        Assert.Null(PagerDutyPayload.Of(new NotificationMessage(Samples.Success), Key));

    [Fact]
    public void Flows_and_environments_have_alerts_of_their_own()
    {
        string KeyOf(string environment, string flow) =>
            PagerDutyPayload.Of(new NotificationMessage(Samples.Failure with { Environment = environment, Flow = flow }), Key)!.Text("dedup_key");

        Assert.Equal(4, new[] { KeyOf("prod", "daily"), KeyOf("dev", "daily"), KeyOf("prod", new string('a', 300)), KeyOf("prod", new string('a', 301)) }.Distinct().Count());
    }

    [Fact]
    public void Nothing_is_longer_than_PagerDuty_takes_and_the_severity_is_one_of_its_own() =>
        Gen.Select(Gen.Enum<NotificationOutcome>(), Gen.Int[0, 300], Gen.Int[0, 200_000], Gen.OneOf(Gen.Const('x'), Gen.Const('ß'), Gen.Const('中'))).Sample((outcome, flow, reason, letter) =>
        {
            if (PagerDutyPayload.Of(new NotificationMessage(Samples.Failure with { Outcome = outcome, Flow = new string(letter, flow), Reason = new string(letter, reason) }), Key) is not { } request)
                return;
            Assert.InRange(request.Text("payload", "summary").Length, 1, 1024);
            Assert.InRange(request.Text("dedup_key").Length, 1, 255);
            Assert.Contains(request.Text("payload", "severity"), new[] { "critical", "error", "warning", "info" });
            Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(request.ToJsonString()), 1, 512_000);
        });
}
