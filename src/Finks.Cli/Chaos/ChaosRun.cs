namespace Finks.Cli.Chaos;

/// <summary>How much is to be proved.</summary>
internal sealed record ChaosPlan
{
    /// <summary>Kill at least as many processes.</summary>
    public required int Kills { get; init; }

    /// <summary>Processes that write at once; 0 leaves that out.</summary>
    public required int Writers { get; init; }

    /// <summary>Let so many operations of each kind fail, spread over all of them; 0 leaves that out.</summary>
    public required int Faults { get; init; }

    /// <summary>Decides on every kill, with the number of the life.</summary>
    public required int Seed { get; init; }

    /// <summary>Live this one life only.</summary>
    public int? Life { get; init; }
}

/// <summary>What went wrong.</summary>
/// <param name="Lake">It shows the fault, and is left as it is.</param>
/// <param name="Again">Options of <c>finks chaos</c> that do the same again.</param>
internal sealed record Finding(ScratchLake Lake, string Problem, string Again);

/// <summary>Runs a plan on several scratch lakes side by side, until all is done or something is wrong.</summary>
/// <param name="lakes">One for each thread of work. What is wrong with one is left as it is; the others are wiped.</param>
internal sealed class ChaosRun(ChaosPlan plan, IReadOnlyList<ScratchLake> lakes, Child child, Tally tally)
{
    /// <inheritdoc cref="Kills.BeforeComparison"/>
    public Action<ScratchLake>? BeforeComparison { get; init; }

    /// <summary>Returns what was wrong; nothing when all held.</summary>
    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellation)
    {
        await using var work = await ChaosWork.StartAsync(cancellation);
        using var undisturbed = await Undisturbed.MakeAsync(work, child, lakes[0], cancellation);
        var jobs = Jobs(undisturbed).GetEnumerator();
        var wrong = new List<Finding>();
        await Task.WhenAll(lakes.Select(lake => Task.Run(() => WorkAsync(lake), cancellation)));
        return wrong;

        async Task WorkAsync(ScratchLake lake)
        {
            while (Next() is { } job)
            {
                try
                {
                    await job.LiveAsync(lake, cancellation);
                }
                catch (ChaosException problem)
                {
                    lock (jobs)
                        wrong.Add(new Finding(lake, problem.Message, job.Again));
                    return;
                }

                lake.Wipe();
            }
        }

        Job? Next()
        {
            lock (jobs)
                return wrong.Count == 0 && jobs.MoveNext() ? jobs.Current : null;
        }
    }

    /// <summary>Asked for one at a time: how many lives it takes shows while they are lived.</summary>
    private IEnumerable<Job> Jobs(Undisturbed undisturbed)
    {
        var kills = new Kills(undisturbed, child, tally, plan.Seed) { BeforeComparison = BeforeComparison };
        if (plan.Life is { } only)
            return [Life(only)];
        return Enumerable.Range(1, int.MaxValue).TakeWhile(_ => tally.Killed < plan.Kills).Select(Life)
            .Concat(Writers(undisturbed)).Concat(Faults(undisturbed));

        Job Life(int life) => new($"--seed {plan.Seed} --life {life}", (lake, stop) => kills.LiveAsync(life, lake, stop));
    }

    private IEnumerable<Job> Writers(Undisturbed undisturbed) =>
        plan.Writers == 0 ? [] : [new Job($"--kills 0 --writers {plan.Writers}", new Writers(undisturbed, child, tally, plan.Writers).LiveAsync)];

    private IEnumerable<Job> Faults(Undisturbed undisturbed)
    {
        var faults = new Faults(undisturbed, tally);
        foreach (var fault in plan.Faults > 0 ? Fault.All : [])
        {
            var operations = undisturbed.Steps.Max(s => s.Passings.Where(p => fault.Is(p.Key)).Sum(p => p.Value));
            for (var i = 1; i <= operations; i += 1 + ((operations - 1) / plan.Faults))
            {
                var n = i;
                yield return new Job("--kills 0 --writers 0 --faults", (lake, stop) => faults.LiveAsync(fault, n, lake, stop));
            }
        }
    }

    /// <summary>Work for one lake, from nothing to the end.</summary>
    private sealed record Job(string Again, Func<ScratchLake, CancellationToken, Task> LiveAsync);
}
