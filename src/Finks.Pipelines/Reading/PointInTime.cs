using Finks.Lake;

namespace Finks.Pipelines.Reading;

/// <summary>
/// A state of the lake to read. A snapshot is what the lake held after one commit: every table, Silver too, exactly as it was then. A time asks
/// what was known then: Silver answers from its own history (<c>known_from</c>), also for times before Finks first ran; Gold and quarantine answer
/// with the newest snapshot that is not later.
/// </summary>
public abstract record PointInTime
{
    private PointInTime()
    {
    }

    /// <summary>The snapshot at which tables are read that do not hold their own history.</summary>
    /// <exception cref="LakeException">There is no such snapshot; the message names the oldest and the newest.</exception>
    internal abstract Snapshot SnapshotIn(DataLake lake);

    /// <summary>The instant that this stands for, by which points are put in order.</summary>
    /// <exception cref="LakeException">There is no such snapshot.</exception>
    public abstract DateTimeOffset TimeIn(DataLake lake);

    /// <summary>The instant up to which versions in Silver count; null when the snapshot alone decides.</summary>
    internal virtual DateTimeOffset? KnownAt => null;

    /// <summary>The state after one commit.</summary>
    public sealed record AtSnapshot(long Id) : PointInTime
    {
        public override DateTimeOffset TimeIn(DataLake lake) => SnapshotIn(lake).Time;

        internal override Snapshot SnapshotIn(DataLake lake) => lake.SnapshotById(Id);
    }

    /// <summary>What was known at an instant.</summary>
    public sealed record AtTime(DateTimeOffset Time) : PointInTime
    {
        internal override DateTimeOffset? KnownAt => Time;

        public override DateTimeOffset TimeIn(DataLake lake) => Time;

        internal override Snapshot SnapshotIn(DataLake lake) => lake.SnapshotAsOf(Time);
    }
}
