using System.Text.Json;
using Finks.Ingestion.Planning;

namespace Finks.Ingestion;

/// <summary>What the ledger records of one reply. It is stored beside the reply in Bronze, so that the ledger can be made anew.</summary>
/// <param name="ParameterSet">Index into the contract's parameter sets.</param>
/// <param name="Covers">The dates covered; null when the reply covers nothing.</param>
/// <param name="CurrentThrough">The last date that the run which asked wanted.</param>
/// <param name="Latest">The newest date in the reply, where it matters to another dataset.</param>
internal sealed record CoverageEntry(int ParameterSet, DateRange? Covers, DateOnly CurrentThrough, DateOnly? Latest)
{
    public string ToJson() => JsonSerializer.Serialize(new Stored(ParameterSet, Covers?.From, Covers?.To, CurrentThrough, Latest));

    /// <exception cref="JsonException">The text is none of these.</exception>
    public static CoverageEntry Parse(string json)
    {
        var stored = JsonSerializer.Deserialize<Stored>(json) ?? throw new JsonException("The ledger entry is empty.");
        DateRange? covers = stored is { From: { } from, To: { } to } ? new DateRange(from, to) : null;
        return new CoverageEntry(stored.Set, covers, stored.Through, stored.Latest);
    }

    private sealed record Stored(int Set, DateOnly? From, DateOnly? To, DateOnly Through, DateOnly? Latest);
}
