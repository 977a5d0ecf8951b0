namespace Finks.Orchestration.Prefect;

/// <summary>How a <see cref="PrefectBackend"/> keeps in touch with its server.</summary>
public sealed record PrefectBackendOptions
{
    /// <summary>How often a run is looked at, to hear that it was cancelled.</summary>
    public TimeSpan BeatInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the server is told that a run is alive. An automation that crashes silent runs, and the sweep of stale runs, must
    /// wait for several of these.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After this time without a sign of life a run counts as abandoned, so that another process may go on with it.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long slots stay taken when this process dies, from 60 s to a day; renewed after three quarters of it.</summary>
    public TimeSpan LeaseLength { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often log lines and artifacts are sent.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Memory for log lines that wait to be sent; what comes when it is used up is not kept.</summary>
    public long MaxReportBytes { get; init; } = 64 << 20;

    /// <summary>Told what a person should know: reports that are late or lost, a server that is away. Called from any thread.</summary>
    public Action<string> Warn { get; init; } = _ => { };
}
