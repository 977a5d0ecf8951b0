using System.Diagnostics;

namespace Finks.Cli;

/// <summary>The program that is running, for starting it once more; also where <c>dotnet</c> runs it.</summary>
internal static class ThisProgram
{
    /// <summary>The program, and what comes before the arguments.</summary>
    public static IReadOnlyList<string> Path { get; } = System.IO.Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? [Environment.ProcessPath!, typeof(ThisProgram).Assembly.Location]
        : [Environment.ProcessPath!];

    public static ProcessStartInfo Command(params string[] arguments) => new(Path[0], Path.Skip(1).Concat(arguments));
}
