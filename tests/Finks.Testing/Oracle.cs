using System.Diagnostics;

namespace Finks.Testing;

/// <summary>Real engines that tests compare Finks with. Each is installed once into a cache outside the checkout.</summary>
public static class Oracle
{
    private static readonly Lock Installing = new();

    /// <summary>The folder of an installed engine (<c>ducklake</c>, <c>dbt</c>, <c>dbt-rust</c>, …); skips the test where it cannot be installed.</summary>
    public static string Engine(string name)
    {
        var installer = Checkout.Shared("wheels", "install");
        var cache = Environment.GetEnvironmentVariable("FINKS_ORACLES") is { Length: > 0 } given
            ? given
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "finks-oracles");
        var folder = Path.Combine(cache, name);
        lock (Installing)
        {
            Directory.CreateDirectory(cache);
            // Test programs run side by side: the file lock lets one install and the others wait for it.
            using var turn = WaitForTurn(Path.Combine(cache, name + ".lock"));
            var installed = Run(installer, [name, folder]);
            if (installed.ExitCode != 0)
                Assert.Skip($"the engine '{name}' cannot be installed here: {installed.Error.Trim()}");
        }

        return folder;
    }

    /// <summary>The Python of an installed engine.</summary>
    public static string Python(string engine) => Path.Combine(Engine(engine), "bin", "python");

    /// <summary>Runs a program to its end and returns what it printed.</summary>
    public static ProgramResult Run(string program, IEnumerable<string> arguments, string? workingFolder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = workingFolder ?? "",
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ProgramResult(process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    private static FileStream WaitForTurn(string path)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                Thread.Yield();
            }
        }
    }
}

/// <summary>What a program left behind when it ended.</summary>
public sealed record ProgramResult(int ExitCode, string Output, string Error);
