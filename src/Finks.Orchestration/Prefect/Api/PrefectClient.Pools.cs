namespace Finks.Orchestration.Prefect.Api;

/// <summary>Work pools, as a worker sees them.</summary>
public sealed partial class PrefectClient
{
    /// <summary>Runs of the pool that are due; none while it is paused or full. Looking reserves nothing.</summary>
    public async Task<IReadOnlyList<FlowRunBody>> DueRunsAsync(
        string pool, DateTimeOffset before, int limit, CancellationToken cancellation)
    {
        var found = await SendAsync<DueRun[]>(
            HttpMethod.Post, $"/work_pools/{Uri.EscapeDataString(pool)}/get_scheduled_flow_runs",
            new DueRunsSearch(before, Math.Min(limit, _options.PageSize)), cancellation);
        return [.. found.Select(due => due.FlowRun)];
    }

    /// <summary>Says that a worker is alive; the pool counts as ready then.</summary>
    public Task WorkerHeartbeatAsync(string pool, string worker, TimeSpan interval, CancellationToken cancellation) => SendAsync(
        HttpMethod.Post, $"/work_pools/{Uri.EscapeDataString(pool)}/workers/heartbeat",
        new WorkerHeartbeat(worker, (int)Math.Ceiling(interval.TotalSeconds)), cancellation);
}
