using System.Globalization;

namespace Finks.Cli.Chaos;

/// <summary>A SIGKILL, and what becomes of the machine.</summary>
/// <param name="Point">One of <see cref="KillSwitch.Points"/>; null for a kill from outside.</param>
/// <param name="Passing">Which passing of the point, from 1.</param>
/// <param name="Moment">For a kill from outside: the share of the time that the work takes, 0 to 1.</param>
/// <param name="LosesMachine">All that is on the machine is gone too.</param>
internal sealed record Kill(string? Point, int Passing, double Moment, bool LosesMachine)
{
    /// <summary>The chance that one kill is followed by another.</summary>
    private const double Again = 0.25;

    private const double OfLosingTheMachine = 0.2;

    private const double FromOutside = 0.4;

    /// <summary>The kind of kill, for the tally.</summary>
    public string Scenario => $"killed at {Point ?? "a random moment"}{(LosesMachine ? ", machine lost" : "")}";

    /// <summary>The setting for <see cref="KillSwitch"/>.</summary>
    public string? Setting => Point is null ? null : string.Create(CultureInfo.InvariantCulture, $"{Point}:{Passing}");

    /// <summary>One kill or several in a row.</summary>
    public static IReadOnlyList<Kill> Some(Random random, UndisturbedStep step)
    {
        var kills = new List<Kill>();
        do
            kills.Add(One(random, step.Passings));
        while (random.NextDouble() < Again);
        return kills;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Point is null ? $"killed after {Moment:0.00} of the time" : $"killed at {Setting}")}, machine {(LosesMachine ? "lost" : "kept")}");

    private static Kill One(Random random, IReadOnlyDictionary<string, int> passings)
    {
        var loses = random.NextDouble() < OfLosingTheMachine;
        var moment = random.NextDouble();
        var points = KillSwitch.Points.Where(passings.ContainsKey).ToList();
        var point = points[random.Next(points.Count)];
        var passing = 1 + random.Next(passings[point]);
        return random.NextDouble() < FromOutside ? new Kill(null, 0, moment, loses) : new Kill(point, passing, 0, loses);
    }
}
