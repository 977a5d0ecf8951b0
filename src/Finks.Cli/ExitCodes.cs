namespace Finks.Cli;

/// <summary>What the program's exit code says.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The command failed; nothing half done is visible.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Some data is missing; running the command again asks for it.</summary>
    public const int Incomplete = 3;

    /// <summary>A gate is shut: rows or tests broke their rules, and the last snapshot stays.</summary>
    public const int Gate = 4;

    /// <summary>Ended by Ctrl-C or SIGTERM.</summary>
    public const int Cancelled = 130;

    public const string Help = """
        Exit codes: 0 done; 1 failed, nothing half done is visible; 2 wrong command line; 3 done in part, run again for the rest;
        4 a gate is shut (contract or test), the last snapshot stays; 130 cancelled.
        """;
}
