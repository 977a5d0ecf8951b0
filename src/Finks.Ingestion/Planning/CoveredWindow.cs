namespace Finks.Ingestion.Planning;

/// <summary>Dates that a reply has covered.</summary>
/// <param name="Range">The dates.</param>
/// <param name="CurrentThrough">The last date wanted by the run that asked: how far the reply's view of history reaches.</param>
/// <param name="HadRows">Whether there was any row; false for an empty reply and for one the plan does not include.</param>
public readonly record struct CoveredWindow(DateRange Range, DateOnly CurrentThrough, bool HadRows);

/// <summary>What has been answered for one symbol of a dataset.</summary>
public sealed record SymbolCoverage
{
    /// <summary>Windows by parameter set.</summary>
    public required ILookup<int, CoveredWindow> Windows { get; init; }

    /// <summary>The latest event that rewrote the dataset's history (a split), if any.</summary>
    public DateOnly? RewrittenOn { get; init; }

    /// <summary>The windows of a parameter set that still hold for a run that wants dates through <paramref name="through"/>.</summary>
    public IReadOnlyList<DateRange> Valid(int parameterSet, DateOnly through)
    {
        var windows = Windows[parameterSet].ToList();
        // A symbol without a single row may be listed or paid for by tomorrow, so its empty answers hold for a day;
        // beside rows, an empty window is the time before the listing.
        var hasRows = windows.Exists(w => w.HadRows);
        return [.. windows.Where(w => (w.HadRows || hasRows || w.CurrentThrough >= through) && !IsRewritten(w, through)).Select(w => w.Range)];
    }

    private bool IsRewritten(CoveredWindow window, DateOnly through) =>
        RewrittenOn is { } date && date <= through && window.CurrentThrough < date;
}
