using Finks.Contracts;
using Finks.Fmp;

namespace Finks.Ingestion.Planning;

/// <summary>One call to make: which dataset and symbol it serves, and the dates its reply will cover.</summary>
public sealed record PlannedRequest
{
    public required Contract Contract { get; init; }

    public required string Symbol { get; init; }

    /// <summary>Index into <see cref="SourceRequest.ParameterSets"/>.</summary>
    public required int ParameterSet { get; init; }

    /// <summary>The dates asked for; for a whole-history request, all dates that the run wants.</summary>
    public required DateRange Window { get; init; }

    /// <summary>The last date that the run wants.</summary>
    public required DateOnly CurrentThrough { get; init; }

    /// <summary>The call itself, with its placeholders filled.</summary>
    public FmpRequest ToRequest()
    {
        var parameters = Contract.Source.ParameterSets[ParameterSet];
        return new FmpRequest("/stable/" + Contract.Source.Endpoint, [.. parameters.Select(p => KeyValuePair.Create(p.Key, Fill(p.Value)))]);
    }

    private string Fill(string value) => value
        .Replace("{symbol}", Symbol, StringComparison.Ordinal)
        .Replace("{from}", Window.From.ToString("yyyy-MM-dd"), StringComparison.Ordinal)
        .Replace("{to}", Window.To.ToString("yyyy-MM-dd"), StringComparison.Ordinal);
}
