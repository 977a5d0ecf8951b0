using System.Diagnostics;

namespace Finks.EndToEnd;

/// <summary>The published program, run as a user runs it.</summary>
internal static class FinksProgram
{
    public const string Key = "end-to-end-key";

    /// <summary>Runs <c>./finks</c> to its end.</summary>
    public static ProgramResult Run(params string[] arguments) =>
        Oracle.Run(Checkout.PathOf("finks"), arguments, environment: new Dictionary<string, string> { ["FMP_API_KEY"] = Key });

    /// <summary>Runs <c>./finks</c>, which must succeed, and returns what it printed.</summary>
    public static string Output(params string[] arguments)
    {
        var result = Run(arguments);
        Assert.True(result.ExitCode == 0, $"finks {string.Join(' ', arguments)} ended with {result.ExitCode}:\n{result.Output}\n{result.Error}");
        return result.Output;
    }

    /// <summary>Starts <c>finks</c> and ends it with SIGKILL unless it ends by itself before. Returns whether it was killed.</summary>
    public static bool RunAndKill(TimeSpan after, params string[] arguments)
    {
        // The published program itself, not the script: the kill must hit the process that writes.
        var start = new ProcessStartInfo(Checkout.PathOf("artifacts", "finks", "finks"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_ROOT"] = Path.GetDirectoryName(Environment.ProcessPath) is { } folder && File.Exists(Path.Combine(folder, "dotnet"))
            ? folder
            : Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "/usr/share/dotnet";
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (process.WaitForExit(after))
            return false;
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        return true;
    }
}
