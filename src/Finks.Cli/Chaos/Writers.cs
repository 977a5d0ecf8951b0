namespace Finks.Cli.Chaos;

/// <summary>Several processes that do every step at once on one lake.</summary>
internal sealed class Writers(Undisturbed undisturbed, Child child, Tally tally, int count)
{
    /// <exception cref="ChaosException">A process failed, or the lake differs; it is left as it is.</exception>
    public async Task LiveAsync(ScratchLake lake, CancellationToken cancellation)
    {
        foreach (var step in undisturbed.Steps)
        {
            var start = Composition.Clock.GetTimestamp();
            var ends = await Task.WhenAll(Enumerable.Range(0, count).Select(_ =>
                child.RunAsync([.. step.Step.Command, .. lake.Options], null, null, cancellation)));
            if (ends.FirstOrDefault(e => e.ExitCode != ExitCodes.Success) is { } failed)
                throw new ChaosException($"{count} writers at once, {step.Step.Name}: one ended with exit code {failed.ExitCode}: {failed.Error}");
            using var workspace = lake.Open();
            var difference = step.Reference.Compare(workspace, several: true);
            tally.Add($"{count} writers at once", count, 0, difference, Composition.Clock.GetElapsedTime(start));
            if (!difference.None)
                throw new ChaosException($"{count} writers at once, {step.Step.Name}: {difference}");
        }
    }
}
