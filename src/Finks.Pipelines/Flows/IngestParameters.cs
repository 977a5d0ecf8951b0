using System.ComponentModel;

namespace Finks.Pipelines.Flows;

/// <summary>What is asked of Financial Modeling Prep.</summary>
public record IngestParameters
{
    [Description("Symbols in FMP's spelling (BRK-B).")]
    public required IReadOnlyList<string> Symbols { get; init; }

    [Description("First date of prices, a date of the exchange. Default: five years before the last.")]
    public DateOnly? From { get; init; }

    [Description("Last date of prices, a date of the exchange. Default: the last weekday whose prices are final, after 18:00 in New York.")]
    public DateOnly? To { get; init; }

    [Description("Datasets to ask for. Default: all that have a contract.")]
    public IReadOnlyList<string> Datasets { get; init; } = [];

    [Description("Where FMP is. Default: FMP_BASE_URL, or FMP itself.")]
    public string? BaseUrl { get; init; }

    [Description("Calls per minute; 0 for no limit. 660 is safe for a plan of 750.")]
    public int CallsPerMinute { get; init; } = 660;

    [Description("How often a call is tried when the source stumbles.")]
    public int Attempts { get; init; } = 5;

    [Description("How often a stage is tried again when disk, network or database fail.")]
    public int Retries { get; init; } = 2;

    /// <summary>These alone, without what a flow adds to them.</summary>
    internal IngestParameters Source() => new()
    {
        Symbols = Symbols,
        From = From,
        To = To,
        Datasets = Datasets,
        BaseUrl = BaseUrl,
        CallsPerMinute = CallsPerMinute,
        Attempts = Attempts,
        Retries = Retries,
    };
}
