using System.Diagnostics;
using System.Globalization;

namespace Finks.Orchestration.Local;

/// <summary>A process that works on runs. Its number alone would not do: the system gives it to another process one day.</summary>
/// <param name="Machine">The machine with its start and, on Linux, its process namespace: containers of one name have the same numbers.</param>
/// <param name="Started">When the process began, in the system's own count.</param>
public sealed record RunProcess(string Machine, int Id, long Started)
{
    private static readonly string ThisMachine = NameMachine();

    /// <summary>This process.</summary>
    public static RunProcess Current { get; } = new(ThisMachine, Environment.ProcessId, StartOf(Environment.ProcessId)!.Value);

    /// <summary>The process of this machine that has the number now; null when there is none.</summary>
    public static RunProcess? Find(int id) => StartOf(id) is { } started ? new RunProcess(ThisMachine, id, started) : null;

    /// <summary>Whether it is known to have ended. False for processes of other machines, of which nothing is known.</summary>
    public bool HasEnded() => Machine == ThisMachine && StartOf(Id) != Started;

    /// <summary>Reads what <see cref="ToString"/> writes; null for null.</summary>
    public static RunProcess? Parse(string? text) => text?.Split(' ') is [var machine, var id, var started]
        ? new RunProcess(machine, int.Parse(id, CultureInfo.InvariantCulture), long.Parse(started, CultureInfo.InvariantCulture))
        : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Machine} {Id} {Started}");

    private static string NameMachine()
    {
        var name = Environment.MachineName.Replace(' ', '-');
        if (!OperatingSystem.IsLinux())
            return name;
        var boot = File.ReadAllText("/proc/sys/kernel/random/boot_id")[..8];
        return $"{name}/{boot}/{new FileInfo("/proc/self/ns/pid").LinkTarget}";
    }

    private static long? StartOf(int id)
    {
        try
        {
            if (OperatingSystem.IsLinux())
                return StartInStat(File.ReadAllText($"/proc/{id}/stat"));
            using var process = Process.GetProcessById(id);
            return process.StartTime.Ticks;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or IOException)
        {
            return null;
        }
    }

    /// <summary>Field 22; the second, the program's name in parentheses, may hold blanks. A zombie has ended.</summary>
    private static long? StartInStat(string stat)
    {
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[0] == "Z" ? null : long.Parse(fields[19], CultureInfo.InvariantCulture);
    }
}
