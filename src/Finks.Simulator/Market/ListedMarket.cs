using System.Collections.Concurrent;

namespace Finks.Simulator;

/// <summary>A market of listings: answers every endpoint from the columns of one symbol, built when it is first asked for.</summary>
public abstract class ListedMarket(IReadOnlyList<string> symbols, DateOnly first, DateOnly until) : IMarketSource
{
    private readonly ConcurrentDictionary<string, Lazy<Listing>> _listings = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(symbols, StringComparer.Ordinal);

    public IReadOnlyList<string> Symbols { get; } = symbols;

    public DateOnly First { get; } = first;

    public DateOnly Until { get; } = until;

    public ApiReply? Answer(ApiRequest request)
    {
        Action<Listing, ApiRequest, JsonRows>? print = request.Path switch
        {
            Endpoints.AsTraded or Endpoints.Full or Endpoints.Light or Endpoints.DividendAdjusted => EndOfDayRows.Print,
            Endpoints.Dividends => DividendRows.Print,
            Endpoints.Splits => SplitRows.Print,
            Endpoints.IncomeStatement => IncomeStatementRows.Print,
            Endpoints.Profile => ProfileRows.Print,
            _ => null,
        };
        if (print is null)
            return null;
        if (request.Symbol is not { } symbol)
            return ApiReply.Missing("symbol");
        if (!_known.Contains(symbol)) // so a list of symbols with commas is unknown too
            return ApiReply.Empty;

        var rows = new JsonRows();
        print(Find(symbol), request, rows);
        return ApiReply.Of(rows);
    }

    /// <summary>What is visible of a symbol.</summary>
    /// <exception cref="KeyNotFoundException">The market has no such symbol.</exception>
    public Listing Find(string symbol) => _known.Contains(symbol)
        ? _listings.GetOrAdd(symbol, name => new Lazy<Listing>(() => Load(name).AsOf(Until))).Value
        : throw new KeyNotFoundException($"The market has no symbol '{symbol}'. It has {Symbols.Count}, the first is {Symbols.FirstOrDefault()}.");

    /// <summary>A symbol's data; what lies after <see cref="Until"/> is cut off by the caller.</summary>
    protected abstract Listing Load(string symbol);
}
