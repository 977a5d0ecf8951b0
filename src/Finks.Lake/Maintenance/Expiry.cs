using Finks.Lake.Catalog;
using Finks.Lake.Storage;

namespace Finks.Lake.Maintenance;

/// <summary>Which snapshots may go.</summary>
public sealed record ExpiryRequest
{
    /// <summary>Only snapshots older than this. Default 30 days.</summary>
    public TimeSpan OlderThan { get; init; } = TimeSpan.FromDays(30);

    /// <summary>So many of the newest stay, whatever their age. Default and least 1.</summary>
    public int Keep { get; init; } = 1;

    /// <summary>Snapshots that ledgers refer to; they stay, whatever their age.</summary>
    public IReadOnlyCollection<long> Needed { get; init; } = [];

    /// <summary>Says what would go and removes nothing.</summary>
    public bool DryRun { get; init; }
}

/// <param name="Snapshots">What went, oldest first; it cannot be read any more.</param>
/// <param name="Files">Files that no snapshot names any more: <see cref="Sweep"/> deletes them after its grace. Null for a dry run.</param>
public sealed record ExpiryReport(IReadOnlyList<Snapshot> Snapshots, int? Files);

/// <summary>
/// Removes old snapshots and what only they saw from the catalog, in one transaction. No file is deleted: readers that began before may still be at
/// it. The idempotency keys of expired commits stay, so that no work is done twice.
/// </summary>
public sealed class Expiry(DataLake lake)
{
    private static readonly string Remove = EmbeddedSql.Read("expire.sql");

    /// <summary>Expires what the request names. A second run finds nothing.</summary>
    public ExpiryReport Run(ExpiryRequest request) => request.DryRun
        ? new ExpiryReport(lake.Database.Read(reader => Expired(reader, request)), null)
        : lake.Database.Write(transaction => Expire(transaction, request));

    private IReadOnlyList<Snapshot> Expired(LedgerReader reader, ExpiryRequest request)
    {
        var all = SnapshotReader.All(reader);
        var before = lake.Clock.GetUtcNow() - request.OlderThan;
        return [.. all.SkipLast(Math.Max(1, request.Keep)).Where(s => s.Time < before && !request.Needed.Contains(s.Id))];
    }

    private ExpiryReport Expire(LedgerTransaction transaction, ExpiryRequest request)
    {
        var expired = Expired(transaction, request);
        if (expired.Count == 0)
            return new ExpiryReport([], 0);
        const string scheduled = "select count(*) from ducklake_files_scheduled_for_deletion";
        var before = transaction.Scalar<long>(scheduled);
        TableChanges.Keep(transaction);
        foreach (var snapshot in expired)
        {
            transaction.Execute("delete from ducklake_snapshot where snapshot_id = @id", ("id", snapshot.Id));
            transaction.Execute("delete from ducklake_snapshot_changes where snapshot_id = @id", ("id", snapshot.Id));
        }

        transaction.Execute(Remove, ("now", Microseconds.Floor(lake.Clock.GetUtcNow())));
        return new ExpiryReport(expired, (int)(transaction.Scalar<long>(scheduled) - before));
    }
}
