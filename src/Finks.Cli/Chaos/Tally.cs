namespace Finks.Cli.Chaos;

/// <param name="Runs">Processes, and runs in this process.</param>
/// <param name="GoldDiffers">Comparisons in which Gold was not byte-equal.</param>
internal sealed record ScenarioCount(string Scenario, int Runs, int Killed, long Lost, long Doubled, int GoldDiffers, int Problems, TimeSpan Took);

/// <summary>Adds up what happened, by scenario. Safe for use by several threads.</summary>
/// <param name="added">Told after each addition how many processes have been killed so far.</param>
internal sealed class Tally(Action<Tally> added)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, ScenarioCount> _counts = new(StringComparer.Ordinal);

    public IReadOnlyList<ScenarioCount> Counts
    {
        get
        {
            lock (_lock)
                return [.. _counts.Values];
        }
    }

    public int Killed => Counts.Sum(c => c.Killed);

    public int Runs => Counts.Sum(c => c.Runs);

    public void Add(string scenario, int runs, int killed, Difference difference, TimeSpan took)
    {
        lock (_lock)
        {
            var c = _counts.GetValueOrDefault(scenario) ?? new ScenarioCount(scenario, 0, 0, 0, 0, 0, 0, TimeSpan.Zero);
            _counts[scenario] = new ScenarioCount(
                scenario, c.Runs + runs, c.Killed + killed, c.Lost + difference.Lost, c.Doubled + difference.Doubled,
                c.GoldDiffers + (difference.GoldEqual ? 0 : 1), c.Problems + difference.Problems.Count, c.Took + took);
        }

        added(this);
    }
}
