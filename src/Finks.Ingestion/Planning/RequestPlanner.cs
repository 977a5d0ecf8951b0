using Finks.Contracts;

namespace Finks.Ingestion.Planning;

/// <summary>Decides which calls are still to be made. Pure: the same coverage and dates give the same plan.</summary>
public static class RequestPlanner
{
    /// <summary>
    /// Longest window of daily rows asked for at once: 18 years hold at most 4,700 weekdays,
    /// below the 5,000 rows after which FMP drops the oldest without a word.
    /// </summary>
    public const int LongestWindowDays = 18 * 365;

    /// <summary>Days before a gap that are asked for again, because the vendor corrects recent prices.</summary>
    public const int LookbackDays = 7;

    /// <summary>The calls that make <paramref name="contract"/> current for <paramref name="symbol"/> over <paramref name="wanted"/>.</summary>
    public static IEnumerable<PlannedRequest> Plan(Contract contract, string symbol, DateRange wanted, SymbolCoverage coverage)
    {
        for (var set = 0; set < contract.Source.ParameterSets.Count; set++)
        {
            var covered = coverage.Valid(set, wanted.To);
            var windows = contract.Source.Window == RequestWindow.Whole
                ? WholeWindows(contract, wanted, covered)
                : RangeWindows(wanted, covered);
            foreach (var window in windows)
            {
                yield return new PlannedRequest
                {
                    Contract = contract,
                    Symbol = symbol,
                    ParameterSet = set,
                    Window = window,
                    CurrentThrough = wanted.To,
                };
            }
        }
    }

    private static IEnumerable<DateRange> WholeWindows(Contract contract, DateRange wanted, IReadOnlyList<DateRange> covered)
    {
        var cadenceDays = Math.Max(1, (int)Math.Ceiling(contract.Source.Cadence.TotalDays));
        var fresh = covered.Any(c => c.To.AddDays(cadenceDays) > wanted.To);
        return fresh ? [] : [wanted];
    }

    private static IEnumerable<DateRange> RangeWindows(DateRange wanted, IReadOnlyList<DateRange> covered)
    {
        foreach (var gap in wanted.Without(covered))
        {
            var followsCovered = covered.Any(c => c.To == gap.From.AddDays(-1));
            var from = followsCovered ? gap.From.AddDays(-LookbackDays) : gap.From;
            foreach (var window in new DateRange(from < wanted.From ? wanted.From : from, gap.To).Split(LongestWindowDays))
                yield return window;
        }
    }
}
