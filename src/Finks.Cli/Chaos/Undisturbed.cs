using System.Collections.Concurrent;

namespace Finks.Cli.Chaos;

/// <summary>A step as it goes when nobody disturbs it.</summary>
/// <param name="Passings">How often it passes each point at which it can be killed or made to fail.</param>
/// <param name="ChildTook">How long a process of its own takes for it.</param>
internal sealed record UndisturbedStep(ChaosStep Step, Reference Reference, IReadOnlyDictionary<string, int> Passings, TimeSpan ChildTook)
{
    /// <summary>Does the step on a lake on which it was disturbed, and compares.</summary>
    /// <param name="resumeSince">Whether to go on with the run that was killed, where one is there that began after this time; null for the same command again.</param>
    /// <param name="beforeComparison">Called with the lake when the step is done.</param>
    public async Task<Difference> FinishAsync(ScratchLake lake, DateTimeOffset? resumeSince, Action<ScratchLake>? beforeComparison, CancellationToken cancellation)
    {
        try
        {
            using var workspace = lake.Open();
            var torn = LakeRules.AlwaysBroken(workspace);
            if (torn.Count > 0)
                return new Difference(0, 0, GoldEqual: true, [.. torn.Select(t => "before the next run: " + t)]);
            if (resumeSince is { } since && Resumption.Find(workspace, since) is { } killed)
                await Resumption.RunAsync(workspace, killed, cancellation);
            else
                await Step.Run(workspace, cancellation);
            beforeComparison?.Invoke(lake);
            return Reference.Compare(workspace);
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            return new Difference(0, 0, GoldEqual: true, [$"the next run fails: {error}"]);
        }
    }
}

/// <summary>The lake that all others are compared with.</summary>
internal sealed class Undisturbed : IDisposable
{
    private readonly List<UndisturbedStep> _steps = [];

    private Undisturbed()
    {
    }

    public IReadOnlyList<UndisturbedStep> Steps => _steps;

    /// <summary>Does the work twice: in this process, and in processes of its own, which must leave the same.</summary>
    /// <exception cref="ChaosException">They leave different lakes: nothing can be compared with them.</exception>
    public static async Task<Undisturbed> MakeAsync(ChaosWork work, Child child, ScratchLake lake, CancellationToken cancellation)
    {
        var undisturbed = new Undisturbed();
        foreach (var step in work.Steps)
        {
            var passings = new ConcurrentDictionary<string, int>();
            using var workspace = lake.Open(point => passings.AddOrUpdate(point, 1, (_, n) => n + 1));
            await step.Run(workspace, cancellation);
            var counted = passings.ToDictionary();
            undisturbed._steps.Add(new UndisturbedStep(step, new Reference(workspace), counted, TimeSpan.Zero));
        }

        lake.Wipe();
        for (var i = 0; i < work.Steps.Count; i++)
            undisturbed._steps[i] = await InAChildAsync(undisturbed._steps[i], child, lake, cancellation);
        lake.Wipe();
        return undisturbed;
    }

    public void Dispose() => _steps.ForEach(s => s.Reference.Dispose());

    private static async Task<UndisturbedStep> InAChildAsync(UndisturbedStep undisturbed, Child child, ScratchLake lake, CancellationToken cancellation)
    {
        var start = Composition.Clock.GetTimestamp();
        var end = await child.RunAsync([.. undisturbed.Step.Command, .. lake.Options], null, null, cancellation);
        var took = Composition.Clock.GetElapsedTime(start);
        using var workspace = lake.Open();
        var difference = undisturbed.Reference.Compare(workspace);
        if (end.ExitCode != ExitCodes.Success || !difference.None)
        {
            throw new ChaosException(
                $"The {undisturbed.Step.Name} goes wrong without any disturbance: exit code {end.ExitCode}, {difference}\n{end.Error}");
        }

        return undisturbed with { ChildTook = took };
    }
}
