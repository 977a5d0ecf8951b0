namespace Finks.Orchestration.Notifications;

/// <summary>How e-mail goes out.</summary>
public sealed record SmtpSettings
{
    /// <summary>See <see cref="INotifier.Name"/>. Default <c>e-mail</c>.</summary>
    public string Name { get; init; } = "e-mail";

    public required string Host { get; init; }

    /// <summary>Default 587, for submission.</summary>
    public int Port { get; init; } = 587;

    /// <summary>Default true: the connection is encrypted by STARTTLS, or nothing is sent. False sends in the clear, for a relay on this
    /// machine.</summary>
    public bool StartTls { get; init; } = true;

    /// <summary>Null for a server that asks for none.</summary>
    public string? User { get; init; }

    public Secret? Password { get; init; }

    /// <summary>Such as <c>Finks &lt;finks@example.com&gt;</c>.</summary>
    public required string From { get; init; }

    /// <summary>At least one.</summary>
    public required IReadOnlyList<string> To { get; init; }
}
