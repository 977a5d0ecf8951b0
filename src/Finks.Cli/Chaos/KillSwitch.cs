using System.Diagnostics;
using System.Globalization;
using Finks.Lake;
using Finks.Lake.Storage;

namespace Finks.Cli.Chaos;

/// <summary>
/// Ends this process with SIGKILL when it passes a point for the n-th time. <c>finks chaos</c> sets it in the processes that it starts, by
/// <c>FINKS_KILL_AT=files-stored:3</c>; nobody else has use for it.
/// </summary>
internal sealed class KillSwitch(string point, int passing)
{
    public const string Variable = "FINKS_KILL_AT";

    private int _passed;

    /// <summary>All points that a process can be killed at: those of the lake, and the moment at which half of a write's files are stored.</summary>
    public static IReadOnlyList<string> Points { get; } = [.. KillPoint.All, FaultyStore.HalfStored];

    /// <summary>Null when the setting is absent.</summary>
    /// <exception cref="UsageException">The setting is not of the form <c>point:n</c>.</exception>
    public static KillSwitch? Parse(string? setting) => setting?.Split(':') switch
    {
        null => null,
        [var point, var number] when Points.Contains(point) && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0 =>
            new KillSwitch(point, n),
        _ => throw new UsageException($"{Variable} '{setting}' is no place to be killed at. Unset it; only `finks chaos` sets it, to a point and a number."),
    };

    public void Reached(string reached)
    {
        if (reached != point || Interlocked.Increment(ref _passed) != passing)
            return;
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}
