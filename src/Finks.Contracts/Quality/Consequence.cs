namespace Finks.Contracts;

/// <summary>How bad it is when a check fails. It weighs in the quality score.</summary>
public enum Severity
{
    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>Somebody should look.</summary>
    Warning,

    /// <summary>The data must not be used so.</summary>
    Error,
}

/// <summary>What follows when a check fails.</summary>
public enum CheckAction
{
    /// <summary>It is reported, and the commit goes on.</summary>
    Warn,

    /// <summary>Nothing is committed; the last snapshot stays.</summary>
    Block,

    /// <summary>The rows at fault go to quarantine, and the commit goes on without them.</summary>
    Quarantine,
}

/// <summary>How bad a failed check is, and what follows.</summary>
public readonly record struct Consequence(Severity Severity, CheckAction Action)
{
    /// <summary>What follows from a severity when the contract names no action: an error blocks, all else warns.</summary>
    public static Consequence Of(Severity severity) => new(severity, severity == Severity.Error ? CheckAction.Block : CheckAction.Warn);
}
