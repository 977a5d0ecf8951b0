namespace Finks.Lake;

/// <summary>Where new identifiers come from, so that a run can be repeated with the same ones. Called from several threads at
/// once.</summary>
public abstract class IdSource
{
    /// <summary>An identifier that this source has not given before.</summary>
    public abstract Guid Next();
}
