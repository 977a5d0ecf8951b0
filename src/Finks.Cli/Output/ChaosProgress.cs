using System.Globalization;
using Finks.Cli.Chaos;

namespace Finks.Cli.Output;

/// <summary>Shows how far a proof is: a line that is written over in a terminal, a line now and then elsewhere.</summary>
internal sealed class ChaosProgress(ChaosPlan plan) : IDisposable
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly long _start = Composition.Clock.GetTimestamp();
    private long? _shown;

    public void Show(Tally tally)
    {
        lock (_lock)
        {
            var live = !Console.IsOutputRedirected;
            if (!live && _shown is { } last && Composition.Clock.GetElapsedTime(last) < BetweenLines)
                return;
            _shown = Composition.Clock.GetTimestamp();
            var text = string.Create(
                CultureInfo.InvariantCulture,
                $"{tally.Killed:N0} of {plan.Kills:N0} kills, {tally.Runs:N0} runs, {Composition.Clock.GetElapsedTime(_start).TotalSeconds:0} s");
            Console.Write(live ? $"\r{text}   " : text + "\n");
        }
    }

    /// <summary>Leaves the line as it is.</summary>
    public void Dispose()
    {
        if (!Console.IsOutputRedirected && _shown is not null)
            Console.WriteLine();
        _shown = null;
    }
}
