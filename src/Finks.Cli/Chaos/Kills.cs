namespace Finks.Cli.Chaos;

/// <summary>
/// The life of a scratch lake in which every step is killed at least once, and done again. After each step the lake is compared with the undisturbed
/// one, and lives on: what one kill leaves behind meets the next.
/// </summary>
internal sealed class Kills(Undisturbed undisturbed, Child child, Tally tally, int seed)
{
    /// <summary>Called before each comparison; a test breaks the lake here, to see that it is found.</summary>
    public Action<ScratchLake>? BeforeComparison { get; init; }

    /// <param name="life">Its number; with the seed it decides on every kill.</param>
    /// <exception cref="ChaosException">The lake differs; it is left as it is.</exception>
    public async Task LiveAsync(int life, ScratchLake lake, CancellationToken cancellation)
    {
        var random = new Random(HashOf(seed, life));
        for (var i = 0; i < undisturbed.Steps.Count; i++)
        {
            var start = Composition.Clock.GetTimestamp();
            var step = undisturbed.Steps[i];
            var kills = Kill.Some(random, step);
            var resumes = random.Next(2) == 0;
            var begun = Composition.Clock.GetUtcNow();
            var (runs, killed) = (1, 0);
            foreach (var kill in kills)
            {
                var end = await child.RunAsync(
                    [.. Command(step, lake, resumes && runs > 1 ? begun : null), .. lake.Options], kill.Setting, kill.Point is null ? step.ChildTook * kill.Moment : null, cancellation);
                if (!end.Killed && end.ExitCode != ExitCodes.Success)
                    throw new ChaosException($"life {life}, {step.Step.Name}, {kill}: it ended with exit code {end.ExitCode}: {end.Error}");
                runs++;
                killed += end.Killed ? 1 : 0;
                if (kill.LosesMachine)
                    runs += await LoseMachineAsync(i, lake, cancellation);
            }

            var difference = await step.FinishAsync(lake, resumes ? begun : null, BeforeComparison, cancellation);
            tally.Add(kills[^1].Scenario, runs, killed, difference, Composition.Clock.GetElapsedTime(start));
            if (!difference.None)
                throw new ChaosException($"life {life}, {step.Step.Name}: {string.Join("; then ", kills)}: {difference}");
        }
    }

    private static IReadOnlyList<string> Command(UndisturbedStep step, ScratchLake lake, DateTimeOffset? resumeSince)
    {
        if (resumeSince is not { } since)
            return step.Step.Command;
        using var workspace = lake.Open();
        return Resumption.Find(workspace, since) is { } run ? Resumption.Command(run) : step.Step.Command;
    }

    /// <summary>Where the lake goes with its machine, what had been done before is done again. Returns the number of runs that took.</summary>
    private async Task<int> LoseMachineAsync(int step, ScratchLake lake, CancellationToken cancellation)
    {
        lake.LoseMachine();
        if (lake.OutlivesMachine)
            return 0;
        foreach (var done in undisturbed.Steps.Take(step))
        {
            using var workspace = lake.Open();
            await done.Step.Run(workspace, cancellation);
        }

        return step;
    }

    /// <summary>Not <see cref="HashCode"/>, which differs from process to process.</summary>
    private static int HashOf(int seed, int life) => unchecked((seed * 1_000_003) + life);
}
