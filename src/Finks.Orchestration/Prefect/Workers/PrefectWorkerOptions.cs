namespace Finks.Orchestration.Prefect.Workers;

/// <summary>Which runs a worker takes, and how it treats them.</summary>
public sealed record PrefectWorkerOptions
{
    /// <summary>The name of a pool that is there.</summary>
    public required string Pool { get; init; }

    /// <summary>As the server's pages show it.</summary>
    public required string Name { get; init; }

    /// <summary>A folder of this worker alone, on a disk that outlives its process: here it remembers what it has taken.</summary>
    public required string Folder { get; init; }

    /// <summary>At most so many runs at once.</summary>
    public int Limit { get; init; } = 4;

    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Runs are taken so long before their time, and held until then.</summary>
    public TimeSpan Prefetch { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a process may take to end after SIGTERM; then it is killed with all that it started.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Told what the worker does, for a log.</summary>
    public Action<string> Tell { get; init; } = _ => { };
}
