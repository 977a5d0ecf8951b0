using Finks.Contracts;
using Finks.Ingestion.Planning;

namespace Finks.Ingestion;

/// <summary>What an ingest run is to bring in.</summary>
public sealed record IngestRequest
{
    public required IReadOnlyList<Contract> Contracts { get; init; }

    /// <summary>Symbols in FMP's spelling (<c>BRK-B</c>).</summary>
    public required IReadOnlyList<string> Symbols { get; init; }

    /// <summary>The dates wanted, exchange-local calendar dates, both included.</summary>
    public required DateRange Wanted { get; init; }

    /// <summary>Calls under way at once. Default 8; the rate limit is the client's.</summary>
    public int Concurrency { get; init; } = 8;
}

/// <summary>How far an ingest run is.</summary>
public readonly record struct IngestProgress(int Done, int Planned, long Bytes, int Problems);

/// <summary>A call that brought no data.</summary>
public sealed record IngestProblem(string Dataset, string Symbol, string Outcome, string Message);

/// <summary>What an ingest run did.</summary>
public sealed record IngestReport
{
    /// <summary>Calls answered.</summary>
    public required int Replies { get; init; }

    /// <summary>Replies that held rows.</summary>
    public required int RepliesWithRows { get; init; }

    /// <summary>Bytes of all bodies.</summary>
    public required long Bytes { get; init; }

    public required IReadOnlyList<IngestProblem> Problems { get; init; }

    /// <summary>Why the run stopped before all calls were made; null when it did not.</summary>
    public string? StoppedBecause { get; init; }
}
