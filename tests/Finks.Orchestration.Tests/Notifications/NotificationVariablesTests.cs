using Finks.Orchestration.Notifications;

namespace Finks.Orchestration.Tests.Notifications;

public sealed class NotificationVariablesTests
{
    [Fact]
    public void Without_variables_nobody_is_told()
    {
        var settings = Read();

        using var http = new HttpClient();
        Assert.Empty(settings.Notifiers(http, TextWriter.Null, new RealClock()));
        Assert.False(settings.Successes);
    }

    [Fact]
    public void Each_way_is_switched_on_by_its_variable()
    {
        var settings = Read(
            ("FINKS_NOTIFY_SLACK", "https://hooks.example.com/services/T/B/secret"),
            ("FINKS_NOTIFY_PAGERDUTY", "R0UT1NGKEY"),
            ("FINKS_NOTIFY_WEBHOOK", "http://127.0.0.1:9/hook"),
            ("FINKS_NOTIFY_SMTP", "smtp://finks%40example.com@mail.example.com"),
            ("FINKS_NOTIFY_SMTP_PASSWORD", "pass:word"),
            ("FINKS_NOTIFY_FROM", "finks@example.com"),
            ("FINKS_NOTIFY_TO", "a@example.com, b@example.com"),
            ("FINKS_NOTIFY_SUCCESSES", "true"));

        using var http = new HttpClient();
        Assert.Equal(["slack", "pagerduty", "webhook", "e-mail"], settings.Notifiers(http, TextWriter.Null, new RealClock()).Select(n => n.Name));
        Assert.Equal(WebhookTarget.PagerDuty.DefaultUrl, settings.Webhooks[1].Url.Reveal());
        Assert.Equal(("mail.example.com", 587, true, "finks@example.com"), (settings.Smtp!.Host, settings.Smtp.Port, settings.Smtp.StartTls, settings.Smtp.User));
        Assert.Equal("pass:word", settings.Smtp.Password!.Reveal());
        Assert.Equal(["a@example.com", "b@example.com"], settings.Smtp.To);
        Assert.True(settings.Successes);
    }

    [Fact]
    public void A_relay_on_this_machine_is_spoken_to_in_the_clear_only_when_that_is_said()
    {
        var settings = Read(("FINKS_NOTIFY_SMTP", "smtp://localhost:2525?starttls=no"), ("FINKS_NOTIFY_FROM", "a@x"), ("FINKS_NOTIFY_TO", "b@x"));

        Assert.Equal(("localhost", 2525, false, null), (settings.Smtp!.Host, settings.Smtp.Port, settings.Smtp.StartTls, settings.Smtp.User));
    }

    [Theory]
    [InlineData("FINKS_NOTIFY_SLACK", "hooks.example.com/verysecret", "FINKS_NOTIFY_SLACK is no http or https URL")]
    [InlineData("FINKS_NOTIFY_WEBHOOK", "ftp://example.com/verysecret", "FINKS_NOTIFY_WEBHOOK is no http or https URL")]
    [InlineData("FINKS_NOTIFY_SMTP", "mail.example.com", "FINKS_NOTIFY_SMTP is no mail server. Write smtp://")]
    [InlineData("FINKS_NOTIFY_SMTP", "smtp://me:verysecret@mail.example.com", "The password goes into FINKS_NOTIFY_SMTP_PASSWORD")]
    [InlineData("FINKS_NOTIFY_SMTP", "smtp://mail.example.com?tls=off", "FINKS_NOTIFY_SMTP is no mail server")]
    [InlineData("FINKS_NOTIFY_SMTP", "smtp://mail.example.com", "FINKS_NOTIFY_FROM is not")]
    [InlineData("FINKS_NOTIFY_SUCCESSES", "maybe", "FINKS_NOTIFY_SUCCESSES is 'maybe'")]
    public void A_wrong_variable_is_named_and_its_secret_is_not(string variable, string value, string problem)
    {
        var error = Assert.Throws<NotificationSettingException>(() => Read((variable, value)));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("verysecret", error.Message, StringComparison.Ordinal);
    }

    private static NotificationSettings Read(params (string Name, string Value)[] variables) =>
        NotificationVariables.Read(name => variables.FirstOrDefault(v => v.Name == name).Value);
}
