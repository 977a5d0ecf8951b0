namespace Finks.Orchestration.Runs;

/// <summary>What a run leaves for people to look at. One with the same key and run replaces the former.</summary>
/// <param name="Key">Small letters, digits and dashes.</param>
/// <param name="Description">Markdown; null for none.</param>
public abstract record Artifact(string Key, string? Description)
{
    /// <summary>A report.</summary>
    public sealed record Markdown(string Key, string Text, string? Description = null) : Artifact(Key, Description);

    /// <summary>How far the work is, from 0 to 1.</summary>
    public sealed record Progress(string Key, double Fraction, string? Description = null) : Artifact(Key, Description);

    /// <summary>A place to look at.</summary>
    public sealed record Link(string Key, Uri Target, string Text, string? Description = null) : Artifact(Key, Description);
}
