namespace Finks.Simulator;

/// <summary>Where the simulator takes its answers from. Safe for many callers at once.</summary>
public interface IMarketSource
{
    /// <summary>The symbols it has data for, in ordinal order.</summary>
    IReadOnlyList<string> Symbols { get; }

    /// <summary>The first day it has data for.</summary>
    DateOnly First { get; }

    /// <summary>The last day it shows: "today" for windows that have no end. Nothing that became known later is visible.</summary>
    DateOnly Until { get; }

    /// <summary>The answer to a request with a good key; null where there is no such path. The caller disposes it.</summary>
    ApiReply? Answer(ApiRequest request);
}
