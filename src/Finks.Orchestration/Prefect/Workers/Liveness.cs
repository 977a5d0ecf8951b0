using Finks.Orchestration.Prefect.Api;
using Finks.Orchestration.Prefect.Deploying;

namespace Finks.Orchestration.Prefect.Workers;

/// <summary>Whether somebody still works on a run that the server takes for unfinished.</summary>
internal sealed class Liveness(PrefectClient client, TimeProvider time)
{
    /// <summary>Why nobody does; null when somebody does, or may.</summary>
    /// <param name="silence">A run of Finks without a sign of life for so long counts as dead. Others do not say that they are
    /// alive.</param>
    public async Task<string?> WhyDeadAsync(FlowRunBody run, TimeSpan silence, CancellationToken cancellation)
    {
        if (HostProcess.Parse(run.InfrastructurePid) is { } process && process.HasEnded())
            return $"Its process ({process}) ended without a word.";
        if (!IsOfFinks(run))
            return null;
        var now = time.GetUtcNow();
        var changed = run.State is { } state && state.Timestamp > run.Updated ? state.Timestamp : run.Updated;
        if (now - changed <= silence)
            return null;
        var beat = await client.LastEventAsync(PrefectBackend.HeartbeatEvent, $"prefect.flow-run.{run.Id}", cancellation);
        var last = beat > changed ? beat.Value : changed;
        return now - last > silence ? $"No sign of life since {last.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC." : null;
    }

    /// <summary>The engine labels what it begins; one that was never begun has the mark of its deployment.</summary>
    private static bool IsOfFinks(FlowRunBody run) =>
        run.Labels?[PrefectBackend.EngineLabel] is not null || run.Tags.Any(tag => tag.StartsWith(Marks.Prefix, StringComparison.Ordinal));
}
