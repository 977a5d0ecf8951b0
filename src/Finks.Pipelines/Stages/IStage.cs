namespace Finks.Pipelines.Stages;

/// <summary>One step of a run: reads one state of the lake and leaves the next.</summary>
public interface IStage
{
    /// <summary>The stage's name as commands and ledgers spell it.</summary>
    string Name { get; }

    /// <summary>Does the work. An exception means that nothing was committed.</summary>
    Task<StageOutcome> RunAsync(string runId, IProgress<StageProgress> progress, CancellationToken cancellation);
}

/// <summary>How far a stage is.</summary>
/// <param name="Doing">What it is at, for people.</param>
/// <param name="Fraction">From 0 to 1; null when unknown.</param>
public readonly record struct StageProgress(string Doing, double? Fraction);

/// <summary>How a stage ended.</summary>
public enum StageState
{
    /// <summary>It did its work.</summary>
    Done,

    /// <summary>There was nothing to do.</summary>
    NothingNew,

    /// <summary>It did what it could; some of it is missing and will be tried again by the next run.</summary>
    Incomplete,
}

/// <summary>What a stage did.</summary>
/// <param name="Summary">One line for people.</param>
/// <param name="Notes">What the user should know or do, a line each.</param>
public sealed record StageOutcome(StageState State, string Summary, IReadOnlyList<string> Notes);
