using Finks.Cli.Commands;
using Finks.Lake;
using Finks.Pipelines;

namespace Finks.Cli.Chaos;

/// <summary>A lake that is made to be broken.</summary>
/// <param name="place">A catalog in PostgreSQL has a schema for itself.</param>
internal sealed class ScratchLake(LakeChoice place)
{
    public const string Environment = "chaos";

    private readonly IReadOnlyList<string> _zones = LakePaths.ZonesOf(place.Lake().ZonePrefix, Environment);

    /// <summary>Options that name the lake on a command line.</summary>
    public IReadOnlyList<string> Options => place.Options;

    /// <summary>Whether the lake is still there when the machine is gone.</summary>
    public bool OutlivesMachine => place is { Store: not null, Catalog: not null };

    /// <param name="reached">Told every point of <see cref="KillPoint"/> and every operation of the store; what it throws happens there.</param>
    public Workspace Open(Action<string>? reached = null) => WorkspaceChoice.Open(place.Lake(createBuckets: true, reached));

    /// <summary>The machine is lost with all its disks; also the rest of a lake that lay on it in part, which is of no use any more.</summary>
    public void LoseMachine()
    {
        if (OutlivesMachine)
            DeleteHome();
        else
            Wipe();
    }

    /// <summary>Nothing of the lake is left anywhere; empty buckets stay.</summary>
    public void Wipe()
    {
        if (place.Store is not null)
            DeleteFiles();
        if (place.Catalog is { } catalog)
            ScratchSchema.Drop(catalog);
        DeleteHome();
    }

    /// <summary>Makes what an open lake needs to be there.</summary>
    /// <exception cref="UsageException">A bucket is there already.</exception>
    public async Task CreateAsync()
    {
        if (place.Store is not null && await ScratchBuckets.FirstAsync(_zones) is { } bucket)
            throw ScratchLakes.Taken($"The bucket {bucket} is there already", "Give --store another prefix, or delete the bucket.");
        Open().Dispose();
        Wipe();
    }

    /// <summary>Nothing is left, no bucket either.</summary>
    public async Task RemoveAsync()
    {
        Wipe();
        if (place.Store is not null)
            await ScratchBuckets.DeleteAsync(_zones);
    }

    /// <summary>Where it is, without passwords.</summary>
    public override string ToString() => string.Join(", ", new[] { place.Home, place.Store, place.Lake().Catalog?.ToString() }.OfType<string>());

    private void DeleteHome()
    {
        if (Directory.Exists(place.Home))
            Directory.Delete(place.Home, recursive: true);
    }

    private void DeleteFiles()
    {
        using var store = place.Lake(createBuckets: true).Store!;
        foreach (var zone in _zones)
            store.Delete([.. store.List(zone + "/").Select(o => o.Key)]);
    }
}
