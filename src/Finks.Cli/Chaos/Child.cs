using System.Diagnostics;

namespace Finks.Cli.Chaos;

/// <summary>How a child process ended.</summary>
/// <param name="Error">What it wrote to standard error.</param>
internal sealed record ChildEnd(int ExitCode, string Error)
{
    /// <summary>128 and the number of SIGKILL, as shells and .NET have it.</summary>
    private const int KilledCode = 137;

    public bool Killed => ExitCode == KilledCode;
}

/// <summary>This program in a process of its own.</summary>
/// <param name="program">The program, and what comes before the arguments.</param>
internal sealed class Child(IReadOnlyList<string> program)
{
    /// <summary>The program that is running, also where <c>dotnet</c> runs it.</summary>
    public static Child OfThisProgram { get; } = new(ThisProgram.Path);

    /// <summary>Runs it to its end, or kills it.</summary>
    /// <param name="killAt">A setting of <see cref="KillSwitch"/>.</param>
    /// <param name="killAfter">Kills it from outside, with SIGKILL.</param>
    public async Task<ChildEnd> RunAsync(IEnumerable<string> arguments, string? killAt, TimeSpan? killAfter, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program[0], program.Skip(1).Concat(arguments)) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["FMP_API_KEY"] = ChaosWork.ApiKey;
        // What is set for the lake of whoever runs this must not lead a process away from its scratch lake, nor tell people of it.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("FINKS_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        if (killAt is not null)
            start.Environment[KillSwitch.Variable] = killAt;
        using var process = Process.Start(start) ?? throw new IOException($"{program[0]} did not start.");
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using var timer = new CancellationTokenSource(killAfter ?? Timeout.InfiniteTimeSpan, Composition.Clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellation);
        try
        {
            await process.WaitForExitAsync(stop.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            cancellation.ThrowIfCancellationRequested();
        }

        await output;
        return new ChildEnd(process.ExitCode, await error);
    }
}
