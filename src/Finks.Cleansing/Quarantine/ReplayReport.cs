using Finks.Cleansing.Privacy;
using Finks.Cleansing.Quality;
using Finks.Contracts;

namespace Finks.Cleansing.Quarantine;

/// <summary>What a replay reads and how.</summary>
public sealed record ReplayRequest
{
    /// <summary>Contracts of the datasets whose rows are replayed.</summary>
    public required IReadOnlyList<Contract> Contracts { get; init; }

    /// <summary>Names the run in the ledgers.</summary>
    public required string RunId { get; init; }

    /// <summary>Threads for parsing and for DuckDB. Default: the processor count.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Hashes personal data; null where no contract has any to hash.</summary>
    public MaskingKey? Masking { get; init; }

    /// <summary>Judges the rows and commits nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Checks whose failure does not block this run.</summary>
    public IReadOnlyCollection<string> Accepted { get; init; } = [];
}

/// <summary>What became of the quarantined rows of one dataset. Open = New + Repeated + Refused.</summary>
/// <param name="Open">Rows that were in quarantine.</param>
/// <param name="New">Released rows that became versions in Silver, with the time at which they were received.</param>
/// <param name="Repeated">Released rows that say what Silver says already.</param>
/// <param name="Refused">Rows that break the contract of now; they stay.</param>
/// <param name="Changed">Of the refused, those with reasons that are not the former ones.</param>
/// <param name="Reasons">Why rows are refused now.</param>
public sealed record ReplayCounts(string Dataset, long Open, long New, long Repeated, long Refused, long Changed, IReadOnlyList<RejectionReason> Reasons);

/// <summary>What a replay did.</summary>
/// <param name="Snapshot">The commit; null when nothing was to be committed.</param>
/// <param name="Checks">How the contract's own rules judged the rows.</param>
public sealed record ReplayReport(long? Snapshot, IReadOnlyList<ReplayCounts> Datasets, IReadOnlyList<CheckResult> Checks);
