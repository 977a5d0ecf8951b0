using Finks.Lake.Catalog;

namespace Finks.Lake.Maintenance;

/// <summary>What a sweep shall look for.</summary>
public sealed record SweepRequest
{
    /// <summary>The least grace: a commit takes seconds, but a slow one must never lose its files.</summary>
    public static readonly TimeSpan LeastGrace = TimeSpan.FromHours(1);

    /// <summary>Nothing younger is touched: it may belong to work under way. Default 24 hours, least <see cref="LeastGrace"/>.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Lists and deletes nothing.</summary>
    public bool DryRun { get; init; }
}

/// <summary>What a sweep found, and deleted unless it was a dry run.</summary>
/// <param name="Orphans">Silver and Gold files that no snapshot ever named: left by attempts that never came to their commit.</param>
/// <param name="Expired">Files that only expired or replaced snapshots named.</param>
/// <param name="Leftovers">Paths on this machine of unfinished files and scratch space of processes that have ended.</param>
/// <param name="Outside">Files outside the lake that only expired snapshots named. They are never deleted: another writer put them there.</param>
public sealed record SweepReport(
    IReadOnlyList<string> Orphans, IReadOnlyList<string> Expired, IReadOnlyList<string> Leftovers, IReadOnlyList<string> Outside);

/// <summary>Deletes files that nothing refers to, below the lake's zones and its home. What a snapshot names is never touched, nor is Bronze.</summary>
public sealed class Sweep(DataLake lake)
{
    /// <summary>Sweeps. Killed at any moment it leaves work for the next run, and nothing else.</summary>
    /// <exception cref="LakeException">The grace is too short, or the zones belong to another catalog too.</exception>
    public SweepReport Run(SweepRequest request)
    {
        if (request.Grace < SweepRequest.LeastGrace)
            throw new LakeException($"A grace of {request.Grace} is too short: a younger file may belong to a commit under way. Give at least {SweepRequest.LeastGrace.TotalHours:0} hour.");
        if (ZoneClaim.Make(lake.Database, lake.Paths, lake.Store, lake.Ids) is { } claim)
        {
            throw new LakeException(
                $"{lake.Store.DataPath}{claim} says that the files there belong to another catalog than {lake.Catalog}, which takes them for orphans. Nothing was swept: sweep with that "
                + "catalog. If it is lost for good, delete that file and run this again.");
        }

        var before = lake.Clock.GetUtcNow() - request.Grace;
        var (expired, outside) = Expired(before, request.DryRun);
        return new SweepReport(lake.SweepOrphans(request.Grace, request.DryRun), expired, Leftovers.Sweep(lake.Paths.Home, before, request.DryRun), outside);
    }

    private (IReadOnlyList<string> InLake, IReadOnlyList<string> Outside) Expired(DateTimeOffset before, bool dryRun)
    {
        var (scheduled, named) = lake.Database.Read(reader => (NamedFile.Scheduled(reader), NamedFile.AllKeys(reader)));
        // The files first, then the rows that tell of them: killed in between, the next run deletes what is no longer there, which is no error.
        var due = scheduled.Where(f => f.Since < before && !named.Contains(f.Key)).ToList();
        var inLake = due.Where(f => f.InLake).ToList();
        if (!dryRun && inLake.Count > 0)
        {
            lake.Store.Delete([.. inLake.Select(f => f.Key).Distinct()]);
            lake.Database.Write(transaction =>
            {
                foreach (var file in inLake)
                    transaction.Execute("delete from ducklake_files_scheduled_for_deletion where path = @path", ("path", file.Path));
            });
        }

        return ([.. inLake.Select(f => f.Key)], [.. due.Where(f => !f.InLake).Select(f => f.Key)]);
    }
}
