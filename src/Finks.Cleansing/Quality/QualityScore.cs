using Finks.Contracts;

namespace Finks.Cleansing.Quality;

/// <summary>
/// The quality score: 100 × Σ weight × credit ÷ Σ weight over the checks that came to a verdict, where an error weighs 10, a warning 3 and an info 1.
/// A check's credit is 1 when it passed and 0 when it failed or was accepted; <c>rows_refused</c> is credited with the share of the rows that were
/// kept, and a dbt test that warns with nothing, as one that fails. Without any verdict there is no score.
/// The overall score is the same sum over the checks of all datasets.
/// </summary>
public static class QualityScore
{
    /// <summary>From 0 to 100; null when no check came to a verdict.</summary>
    public static double? Of(IEnumerable<CheckResult> results)
    {
        var (credit, weight) = (0d, 0d);
        foreach (var result in results.Where(r => r.Outcome != CheckOutcome.NotJudged))
        {
            var weighs = Weight(result.Consequence.Severity);
            weight += weighs;
            credit += weighs * result.Credit;
        }

        return weight == 0 ? null : 100 * credit / weight;
    }

    private static double Weight(Severity severity) => severity switch
    {
        Severity.Error => 10,
        Severity.Warning => 3,
        _ => 1,
    };
}
