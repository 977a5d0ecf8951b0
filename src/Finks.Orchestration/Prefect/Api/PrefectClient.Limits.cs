namespace Finks.Orchestration.Prefect.Api;

/// <summary>Concurrency limits, which the server calls v2.</summary>
public sealed partial class PrefectClient
{
    /// <summary>Takes a slot of each limit; null when one has none left. A name without a limit takes no slot.</summary>
    public async Task<LeaseBody?> TryTakeSlotsAsync(
        IReadOnlyList<string> names, TimeSpan lease, LeaseHolder? holder, CancellationToken cancellation)
    {
        var body = new LeaseCreate(names, 1, "concurrency", lease.TotalSeconds, holder);
        try
        {
            return await SendAsync<LeaseBody>(HttpMethod.Post, "/v2/concurrency_limits/increment-with-lease", body, cancellation);
        }
        catch (PrefectException full) when (full.Status == 423)
        {
            return null;
        }
    }

    /// <summary>Holds the slots for so long from now; false when the lease is lost, as a restart of the server loses it.</summary>
    public async Task<bool> RenewLeaseAsync(Guid lease, TimeSpan length, CancellationToken cancellation)
    {
        try
        {
            await SendAsync(
                HttpMethod.Post, $"/v2/concurrency_limits/leases/{lease}/renew", new LeaseRenewal(length.TotalSeconds), cancellation);
            return true;
        }
        catch (PrefectException lost) when (lost.Status == 410)
        {
            return false;
        }
    }

    /// <summary>Gives the slots back; a second time does nothing.</summary>
    public Task ReleaseLeaseAsync(Guid lease, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, "/v2/concurrency_limits/decrement-with-lease", new LeaseBody(lease), cancellation);
}
