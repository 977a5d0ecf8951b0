using Finks.Cleansing.Quality;

namespace Finks.Cleansing;

/// <summary>What became of the rows of one dataset.</summary>
public sealed record DatasetCounts
{
    public required string Dataset { get; init; }

    /// <summary>Replies read.</summary>
    public required long Replies { get; init; }

    /// <summary>Rows found in the replies.</summary>
    public required long RowsIn { get; init; }

    /// <summary>Rows that became new versions in Silver.</summary>
    public required long New { get; init; }

    /// <summary>Rows that repeat what Silver, or the same reply, says already.</summary>
    public required long Repeated { get; init; }

    /// <summary>Rows kept in quarantine.</summary>
    public required long Quarantined { get; init; }

    /// <summary>Keys that the source no longer reports; they come from no row.</summary>
    public required long Withdrawn { get; init; }

    /// <summary>Fields that the contract does not know.</summary>
    public required IReadOnlyList<string> UnknownFields { get; init; }

    /// <summary>The most frequent reasons for quarantine, with one example each.</summary>
    public required IReadOnlyList<RejectionReason> Reasons { get; init; }
}

/// <summary>Why rows were refused, how often, and where the first of them is.</summary>
public sealed record RejectionReason(string Reason, long Rows, long BronzeBatch, int BronzeLine, int BronzeRow);

/// <summary>What a cleanse run did.</summary>
/// <param name="Snapshot">The lake's snapshot after it; null when there was nothing to read.</param>
/// <param name="Checks">How each check of the gate ended.</param>
public sealed record CleanseReport(long? Snapshot, IReadOnlyList<DatasetCounts> Datasets, IReadOnlyList<CheckResult> Checks);
