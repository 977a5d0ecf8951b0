using System.IO.Enumeration;

namespace Finks.Simulator;

/// <summary>One thing that goes wrong, at requests that are told by path, symbol and number, so that runs repeat.</summary>
/// <param name="Kind">What goes wrong.</param>
public sealed record FaultRule(FaultKind Kind)
{
    /// <summary>The path, with * for any characters. Default: every path.</summary>
    public string Path { get; init; } = "*";

    /// <summary>The symbol; null means any.</summary>
    public string? Symbol { get; init; }

    /// <summary>The first of the matching requests that fails, from 1.</summary>
    public int From { get; init; } = 1;

    /// <summary>How many matching requests fail from there on; null means all.</summary>
    public int? Times { get; init; } = 1;

    /// <summary>Sent as Retry-After with <see cref="FaultKind.Throttled"/>, in whole seconds; null means no header.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>How long <see cref="FaultKind.Slow"/> waits, on the server's clock. Default 1 minute.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The field for <see cref="FaultKind.MissingField"/> and <see cref="FaultKind.TextForNumber"/>.</summary>
    public string Field { get; init; } = "date";

    /// <summary>The row that is damaged, from 0 for the newest.</summary>
    public int Row { get; init; }

    internal bool Matches(ApiRequest request) =>
        FileSystemName.MatchesSimpleExpression(Path, request.Path, ignoreCase: false) && (Symbol is null || Symbol == request.Symbol);
}
