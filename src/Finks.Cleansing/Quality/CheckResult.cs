using Finks.Contracts;

namespace Finks.Cleansing.Quality;

/// <summary>How a check ended.</summary>
public enum CheckOutcome
{
    Passed,
    Failed,

    /// <summary>Failed, and would have blocked the commit, had the user not accepted it for this run.</summary>
    Accepted,

    /// <summary>There was too little to judge by: few earlier runs, or few rows.</summary>
    NotJudged,
}

/// <summary>How one check of one dataset ended in one run.</summary>
public sealed record CheckResult
{
    public required string Dataset { get; init; }

    public required string Check { get; init; }

    public required Consequence Consequence { get; init; }

    public required CheckOutcome Outcome { get; init; }

    /// <summary>What was found, for people.</summary>
    public required string Found { get; init; }

    /// <summary>What must hold, for people.</summary>
    public required string Expected { get; init; }

    /// <summary>Share of the check's weight that counts for the score, from 0 to 1: as a rule 1 when it passed and 0 otherwise.</summary>
    public required double Credit { get; init; }

    /// <summary>Some of the rows at fault.</summary>
    public IReadOnlyList<ExampleRow> Examples { get; init; } = [];

    /// <summary>What to do about a failure; null when the check has nothing to say beyond what holds for all.</summary>
    public string? Remedy { get; init; }

    public string? Dimension { get; init; }

    public string? BusinessImpact { get; init; }

    /// <summary>Whether it keeps the run from being committed.</summary>
    public bool Blocks => Outcome == CheckOutcome.Failed && Consequence.Action == CheckAction.Block;
}

/// <summary>A row that a check points to.</summary>
/// <param name="Text">Its key, or why it is at fault.</param>
public sealed record ExampleRow(string Text, BronzePlace Place);
