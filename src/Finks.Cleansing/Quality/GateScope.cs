using Finks.Cleansing.Privacy;
using Finks.Contracts;
using Finks.Lake;

namespace Finks.Cleansing.Quality;

/// <summary>What the checks of one run have in common.</summary>
/// <param name="Snapshot">The state that the run is based on.</param>
/// <param name="Accepted">Checks whose failure the user accepts: <c>CHECK</c> or <c>DATASET.CHECK</c>.</param>
/// <param name="Masking">Hashes personal data, as Silver holds it; null where no contract has any to hash.</param>
internal sealed record GateScope(DataLake Lake, Snapshot Snapshot, DateTimeOffset Now, IReadOnlyCollection<string> Accepted, MaskingKey? Masking)
{
    /// <summary>A check that has come to a verdict.</summary>
    public CheckResult Verdict(Contract contract, string check, Consequence consequence, bool passed, string found, string expected) => new()
    {
        Dataset = contract.Dataset,
        Check = check,
        Consequence = consequence,
        Outcome = passed ? CheckOutcome.Passed
            : consequence.Action == CheckAction.Block && (Accepted.Contains(check) || Accepted.Contains($"{contract.Dataset}.{check}")) ? CheckOutcome.Accepted
            : CheckOutcome.Failed,
        Found = found,
        Expected = expected,
        Credit = passed ? 1 : 0,
    };

    /// <summary>A check that has too little to judge by.</summary>
    public static CheckResult NoVerdict(Contract contract, string check, Consequence consequence, string found, string expected) => new()
    {
        Dataset = contract.Dataset,
        Check = check,
        Consequence = consequence,
        Outcome = CheckOutcome.NotJudged,
        Found = found,
        Expected = expected,
        Credit = 0,
    };
}
