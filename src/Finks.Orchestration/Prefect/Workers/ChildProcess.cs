using System.Diagnostics;
using System.Runtime.InteropServices;
using Finks.Orchestration.Local;

namespace Finks.Orchestration.Prefect.Workers;

/// <summary>A process that works on a run: started by this worker, or found again after a former one had died.</summary>
internal sealed class ChildProcess
{
    private const int Sigterm = 15;

    /// <summary>Null for one that is not this process's child: nobody tells its end, and its exit code is lost.</summary>
    private readonly Process? _child;

    private ChildProcess(Process? child, RunProcess identity) => (_child, Identity) = (child, identity);

    public RunProcess Identity { get; }

    public bool HasEnded => _child?.HasExited ?? Identity.HasEnded();

    public string HowItEnded => _child is null ? "" : $" with exit code {_child.ExitCode}";

    /// <summary>Starts a command.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    /// <param name="ended">Told when it has ended, from any thread.</param>
    public static ChildProcess Start(ProcessStartInfo command, Action ended)
    {
        var process = new Process { StartInfo = command, EnableRaisingEvents = true };
        process.Exited += (_, _) => ended();
        process.Start();
        // A process that has ended at once is gone from the system; no other can have its number before it was waited for.
        return new ChildProcess(process, RunProcess.Find(process.Id) ?? RunProcess.Current with { Id = process.Id, Started = 0 });
    }

    /// <summary>One that is already there; null when it has ended.</summary>
    public static ChildProcess? Adopt(RunProcess identity) => identity.HasEnded() ? null : new ChildProcess(null, identity);

    /// <summary>The process that was started with this in its environment and not remembered; null when there is none. Known on Linux only.</summary>
    public static ChildProcess? Find(string variable, Guid value)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        var wanted = $"{variable}={value}";
        var found = new DirectoryInfo("/proc").EnumerateDirectories()
            .Where(folder => int.TryParse(folder.Name, out _) && Environment(folder).Contains(wanted))
            .Select(folder => RunProcess.Find(int.Parse(folder.Name, System.Globalization.CultureInfo.InvariantCulture)))
            .OfType<RunProcess>().MinBy(process => process.Started);
        return found is null ? null : new ChildProcess(null, found);
    }

    /// <summary>Asks it to end.</summary>
    public void Terminate()
    {
        if (HasEnded)
            return;
        if (OperatingSystem.IsWindows())
            Kill();
        else
            _ = Send(Identity.Id, Sigterm);
    }

    /// <summary>Ends it and all that it started.</summary>
    public void Kill()
    {
        if (HasEnded)
            return;
        try
        {
            using var process = Process.GetProcessById(Identity.Id);
            process.Kill(entireProcessTree: true);
        }
        catch (ArgumentException)
        {
            // It has ended meanwhile.
        }
    }

    private static string[] Environment(DirectoryInfo process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process.FullName, "environ")).Split('\0');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Send(int process, int signal);
}
