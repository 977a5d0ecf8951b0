namespace Finks.Orchestration.Notifications;

/// <summary>Reads who is told what from environment variables, where secrets are at home.</summary>
public static class NotificationVariables
{
    public const string Slack = "FINKS_NOTIFY_SLACK";
    public const string PagerDuty = "FINKS_NOTIFY_PAGERDUTY";
    public const string PagerDutyUrl = "FINKS_NOTIFY_PAGERDUTY_URL";
    public const string Webhook = "FINKS_NOTIFY_WEBHOOK";
    public const string Smtp = "FINKS_NOTIFY_SMTP";
    public const string SmtpPassword = "FINKS_NOTIFY_SMTP_PASSWORD";
    public const string From = "FINKS_NOTIFY_FROM";
    public const string To = "FINKS_NOTIFY_TO";
    public const string Successes = "FINKS_NOTIFY_SUCCESSES";

    private const string Form = "Write smtp://USER@HOST:587 (encrypted by STARTTLS), or smtp://localhost:25?starttls=no for a relay on this machine.";

    /// <summary>The settings; nobody is told when no variable is set.</summary>
    /// <param name="setting">Gives the value of a variable, or null.</param>
    /// <exception cref="NotificationSettingException">A variable is wrong, or one that it needs is missing.</exception>
    public static NotificationSettings Read(Func<string, string?> setting) => new()
    {
        Webhooks =
        [
            .. setting(Slack) is { } slack ? [new WebhookTarget.Slack("slack", Url(Slack, slack))] : Array.Empty<WebhookTarget>(),
            .. setting(PagerDuty) is { } key
                ? [new WebhookTarget.PagerDuty("pagerduty", new Secret(key), Url(PagerDutyUrl, setting(PagerDutyUrl) ?? WebhookTarget.PagerDuty.DefaultUrl))]
                : Array.Empty<WebhookTarget>(),
            .. setting(Webhook) is { } webhook ? [new WebhookTarget.Json("webhook", Url(Webhook, webhook))] : Array.Empty<WebhookTarget>(),
        ],
        Smtp = setting(Smtp) is { } smtp ? Mail(smtp, setting) : null,
        Successes = setting(Successes) switch
        {
            null or "false" or "no" or "0" => false,
            "true" or "yes" or "1" => true,
            var other => throw new NotificationSettingException($"{Successes} is '{other}'. Write true or false."),
        },
    };

    /// <summary>The value is not repeated: who knows it can post.</summary>
    private static Secret Url(string variable, string value) => Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
        ? new Secret(value)
        : throw new NotificationSettingException($"{variable} is no http or https URL. Copy it anew from the service.");

    private static SmtpSettings Mail(string text, Func<string, string?> setting)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme != "smtp" || url.Host.Length == 0 || url.UserInfo.Contains(':', StringComparison.Ordinal)
            || url.Query is not ("" or "?starttls=no"))
        {
            throw new NotificationSettingException($"{Smtp} is no mail server. {Form} The password goes into {SmtpPassword}.");
        }

        return new SmtpSettings
        {
            Host = url.Host,
            Port = url.Port > 0 ? url.Port : 587,
            StartTls = url.Query.Length == 0,
            User = url.UserInfo.Length > 0 ? Uri.UnescapeDataString(url.UserInfo) : null,
            Password = setting(SmtpPassword) is { } password ? new Secret(password) : null,
            From = setting(From) ?? throw Missing(From, "the sender, such as finks@example.com"),
            To = (setting(To) ?? throw Missing(To, "the recipients, with commas between")).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        };
    }

    private static NotificationSettingException Missing(string variable, string what) => new($"{Smtp} is set, and {variable} is not. Put {what}, into it.");
}

/// <summary>A setting of notifications is wrong. Free of secrets.</summary>
public sealed class NotificationSettingException(string message, Exception? inner = null) : Exception(message, inner);
