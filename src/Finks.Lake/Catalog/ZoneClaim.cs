using Finks.Lake.Storage;

namespace Finks.Lake.Catalog;

/// <summary>
/// Says in the Silver and the Gold zone to which catalog their files belong. Zones outlive a catalog, and two catalogs can be led to the same ones: to
/// either the files of the other look like orphans.
/// </summary>
internal static class ZoneClaim
{
    /// <summary>The setting that tells catalogs apart. A restored one is not the one that was backed up: both may live.</summary>
    public const string Setting = "lake_id";

    /// <summary>Claims the zones that nobody has claimed. Killed before, a lake claims them at its first sweep.</summary>
    /// <returns>The key of the claim of another catalog; null when all are this one's.</returns>
    public static string? Make(LakeDatabase database, LakePaths paths, ZoneStore store, IdSource ids)
    {
        var own = Id(database, ids);
        string? other = null;
        foreach (var key in new[] { paths.SilverPath, paths.GoldPath }.Select(zone => zone + ".finks/catalog"))
        {
            if (store.ReadText(key) is not { } owner)
                store.WriteText(key, own);
            else if (owner != own)
                other = key;
        }

        return other;
    }

    private static string Id(LakeDatabase database, IdSource ids) => Stored(database) ?? database.Write(transaction =>
    {
        transaction.Execute("INSERT INTO finks_setting (name, value) VALUES (@name, @value) ON CONFLICT (name) DO NOTHING", ("name", Setting), ("value", $"{ids.Next():D}"));
        return Stored(transaction)!;
    });

    private static string? Stored(LakeDatabase database) => database.Read(Stored);

    private static string? Stored(LedgerReader reader) => reader.Scalar<string>("SELECT value FROM finks_setting WHERE name = @name", ("name", Setting));
}
