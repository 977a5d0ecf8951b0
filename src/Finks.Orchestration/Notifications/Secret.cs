namespace Finks.Orchestration.Notifications;

/// <summary>A text that nobody is to read by accident: it prints as stars, and serializers see nothing.</summary>
public sealed class Secret(string text)
{
    /// <summary>The text itself, for the one place that needs it.</summary>
    public string Reveal() => text;

    public override string ToString() => "***";
}
