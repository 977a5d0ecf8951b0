using Finks.Orchestration.Prefect.Api;

namespace Finks.Orchestration.Prefect;

/// <summary>Slots of concurrency limits, renewed until this is disposed.</summary>
/// <remarks>
/// The server keeps leases in memory, so that its restart loses them. Work in progress is not ended for that: the slots are taken anew as
/// soon as they are free, and until then the limit may be exceeded by this one, which is told.
/// </remarks>
internal sealed class SlotLease(
    PrefectClient client, IReadOnlyList<string> limits, LeaseHolder? holder, PrefectBackendOptions options, TimeProvider time)
    : IAsyncDisposable
{
    private readonly CancellationTokenSource _released = new();
    private Guid? _lease;
    private bool _told;
    private Task _renewing = Task.CompletedTask;

    /// <summary>False when one of the limits is full.</summary>
    public async Task<bool> TryTakeAsync(CancellationToken cancellation)
    {
        if (limits.Count == 0)
            return true;
        if (await client.TryTakeSlotsAsync(limits, options.LeaseLength, holder, cancellation) is not { } taken)
            return false;
        _lease = taken.LeaseId;
        _renewing = RenewAsync();
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _released.CancelAsync();
        await _renewing;
        _released.Dispose();
        try
        {
            if (_lease is { } lease)
                await client.ReleaseLeaseAsync(lease, CancellationToken.None);
            _lease = null;
        }
        catch (PrefectException failed)
        {
            var names = string.Join(", ", limits);
            options.Warn($"The slots of {names} come free only in {options.LeaseLength.TotalSeconds:0} s. {failed.Message}");
        }
    }

    private async Task RenewAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(options.LeaseLength * 0.75, time, _released.Token);
                await RenewOnceAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // Released.
        }
    }

    private async Task RenewOnceAsync()
    {
        try
        {
            if (_lease is { } held && await client.RenewLeaseAsync(held, options.LeaseLength, _released.Token))
                return;
            _lease = null;
            _lease = (await client.TryTakeSlotsAsync(limits, options.LeaseLength, holder, _released.Token))?.LeaseId;
            if (_lease is null)
                Tell("the server has lost the lease, and others have taken the slots.");
        }
        catch (PrefectException failed)
        {
            Tell(failed.Message);
        }
    }

    private void Tell(string why)
    {
        if (!_told)
            options.Warn($"The limit of {string.Join(", ", limits)} may be exceeded by one: {why}");
        _told = true;
    }
}
