namespace Finks.Orchestration.Notifications;

/// <summary>Who is told what. The caller reads it from its files and environment variables.</summary>
public sealed record NotificationSettings
{
    /// <summary>Whether messages are written to the console. Default false.</summary>
    public bool Console { get; init; }

    public IReadOnlyList<WebhookTarget> Webhooks { get; init; } = [];

    /// <summary>Null for no e-mail.</summary>
    public SmtpSettings? Smtp { get; init; }

    /// <summary>The same failure is sent once in this time, and counted otherwise. Default one hour.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Whether successes are sent that end no failure. Default false.</summary>
    public bool Successes { get; init; }

    /// <summary>The notifiers that these settings name.</summary>
    /// <exception cref="ArgumentException">A setting is wrong; the message says which.</exception>
    public IReadOnlyList<INotifier> Notifiers(HttpClient http, TextWriter console, TimeProvider clock) =>
    [
        .. Console ? [new ConsoleNotifier(console)] : Array.Empty<INotifier>(),
        .. Webhooks.Select(target => new WebhookNotifier(target, http, clock)),
        .. Smtp is { } smtp ? [new SmtpNotifier(smtp, clock)] : Array.Empty<INotifier>(),
    ];
}
