using System.Data.Common;
using Finks.Lake;

namespace Finks.Cli.Chaos;

/// <summary>An operation that can be made to fail.</summary>
/// <param name="Name">For people.</param>
/// <param name="Is">Whether a point, of <see cref="KillPoint"/> or of <see cref="Finks.Lake.Storage.FaultyStore"/>, is such an operation.</param>
/// <param name="Error">What it fails with.</param>
internal sealed record Fault(string Name, Func<string, bool> Is, Func<Exception> Error)
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("a file operation fails", point => !KillPoint.All.Contains(point), () => new LakeException("The storage was made to fail. Run it again.")),
        new("a statement fails", point => point == KillPoint.Statement, () => new DatabaseFault()),
        new("a commit fails, nothing of it stays", point => point == KillPoint.BeforeCommit, () => new DatabaseFault()),
        new("a commit fails, all of it stays", point => point == KillPoint.AfterCommit, () => new DatabaseFault()),
    ];

    private sealed class DatabaseFault() : DbException("It was made to fail.");
}

/// <summary>
/// In each step the n-th operation of one kind fails. The run must end well or with an error that says what to do, and the next one must leave what an
/// undisturbed run leaves.
/// </summary>
internal sealed class Faults(Undisturbed undisturbed, Tally tally)
{
    /// <summary>Lets the n-th operation of each step fail.</summary>
    /// <exception cref="ChaosException">A run ended with a defect, or the lake differs; it is left as it is.</exception>
    public async Task LiveAsync(Fault fault, int n, ScratchLake lake, CancellationToken cancellation)
    {
        foreach (var step in undisturbed.Steps)
        {
            var start = Composition.Clock.GetTimestamp();
            var where = $"{step.Step.Name}, operation {n}: {fault.Name}";
            var (struck, error) = await RunAsync(step.Step, fault, n, lake, cancellation);
            if (error is not null && CommandTree.ExitCodeOf(error) is null)
                throw new ChaosException($"{where}: the user would be told of a defect: {error}");
            if (!struck && error is not null)
                throw new ChaosException($"{where}: it failed before it came so far: {error}");
            if (!struck)
                continue;
            var difference = await step.FinishAsync(lake, null, null, cancellation);
            tally.Add(fault.Name, 2, 0, difference, Composition.Clock.GetElapsedTime(start));
            if (!difference.None)
                throw new ChaosException($"{where}: {difference}");
        }
    }

    private static async Task<(bool Struck, Exception? Error)> RunAsync(ChaosStep step, Fault fault, int n, ScratchLake lake, CancellationToken cancellation)
    {
        var passed = 0;
        try
        {
            using var workspace = lake.Open(point =>
            {
                if (fault.Is(point) && Interlocked.Increment(ref passed) == n)
                    throw fault.Error();
            });
            await step.Run(workspace, cancellation);
            return (passed >= n, null);
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            return (passed >= n, error);
        }
    }
}
