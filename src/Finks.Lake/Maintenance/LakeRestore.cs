using Finks.Lake.Catalog;

namespace Finks.Lake.Maintenance;

/// <param name="AlreadyRestored">The lake held this very backup; nothing was done.</param>
public sealed record RestoreReport(BackupManifest Manifest, bool AlreadyRestored, int Files, long Rows);

/// <summary>
/// Makes an empty lake what a backup says, in another home, store or database if need be. Files come first, then the catalog in one transaction: killed
/// before, the lake is still empty and can be restored into again.
/// </summary>
/// <param name="leftOut">Tables of ledgers that tell of files which a backup does not hold; what they tell of must be made anew.</param>
public sealed class LakeRestore(DataLake lake, params IReadOnlyCollection<string> leftOut)
{
    private const string Marker = "restored_from";

    /// <summary>Restores. The lake must have been opened by the program that will use it, so that all its ledgers are there.</summary>
    /// <param name="name">Null for the newest.</param>
    /// <exception cref="LakeException">The lake is not empty, the backup is damaged or of another environment or version.</exception>
    public RestoreReport Run(BackupPlace place, string? name, IProgress<MaintenanceProgress> progress, CancellationToken cancellation)
    {
        var manifest = place.Find(name);
        using var catalog = BackupVerification.Open(place, manifest);
        if (lake.Database.Read(reader => IsRestored(reader, manifest)))
            return new RestoreReport(manifest, AlreadyRestored: true, 0, 0);
        if (manifest.Environment != lake.Paths.Environment)
            throw new LakeException($"The backup is of the environment '{manifest.Environment}', this lake of '{lake.Paths.Environment}'. Set the environment of the backup.");
        lake.Database.Read(reader =>
        {
            CheckIsEmpty(reader);
            CheckTables(reader, catalog);
            return true;
        });

        var files = catalog.Files();
        var there = lake.Paths.Zones.SelectMany(zone => lake.Store.List(zone + "/")).ToDictionary(f => f.Key, f => f.Bytes, StringComparer.Ordinal);
        string Mine(string key) => ZoneName(manifest, key);
        var (copied, _) = new FileTransfer(place.Store, lake.Store).Copy(
            [.. files.Select(f => (place.KeyOf(f.Key), f.Bytes, (string?)f.Sha256))], key => Mine(key[place.Files.Length..]), there, progress, cancellation);
        var rows = lake.Database.Write(transaction => Load(transaction, catalog, manifest, Mine));
        return new RestoreReport(manifest, AlreadyRestored: false, copied, rows);
    }

    private static bool IsRestored(LedgerReader reader, BackupManifest manifest) =>
        reader.Scalar<string>("SELECT value FROM finks_setting WHERE name = @name", ("name", Marker)) == manifest.CatalogSha256;

    private void CheckIsEmpty(LedgerReader reader)
    {
        string[] tables = ["finks_commit", "ducklake_data_file", "ducklake_table", "finks_bronze_batch"];
        foreach (var table in tables.Where(reader.HasTable))
        {
            if (reader.Scalar<long>($"SELECT count(*) FROM {table}") > 0)
                throw new LakeException($"The lake at {lake.Paths.Home} is not empty, and a restore would take what it holds. Restore into a new home and database.");
        }
    }

    private void CheckTables(LedgerReader reader, CatalogCopy catalog)
    {
        var mine = reader.TableNames();
        var unknown = catalog.Tables().Except(leftOut).Where(t => !mine.Contains(t) && catalog.Count(t) > 0).Order(StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
            throw new LakeException($"The backup has the tables {string.Join(", ", unknown)}, which this Finks does not know. Restore it with the Finks that made it.");
    }

    private long Load(LedgerTransaction transaction, CatalogCopy catalog, BackupManifest manifest, Func<string, string> mine)
    {
        CheckIsEmpty(transaction);
        var root = catalog.Root();
        var versions = transaction.Query("SELECT name, version FROM finks_component", r => (Name: r.GetString(0), Version: r.GetInt64(1)));
        var id = transaction.Scalar<string>("SELECT value FROM finks_setting WHERE name = @name", ("name", ZoneClaim.Setting));
        var rows = 0L;
        catalog.Load(transaction, leftOut, (table, row) =>
        {
            if (table == "finks_setting" && (string?)row["name"] == ZoneClaim.Setting)
                return false;
            Rename(table, row, root, mine);
            // A component without tables here will make them when it is first used.
            if (table == "finks_component" && !IsKnown((string)row["name"]!, (long)row["version"]!, versions))
                return false;
            rows++;
            return true;
        });
        foreach (var (name, version) in versions)
        {
            transaction.Execute(
                "INSERT INTO finks_component (name, version) VALUES (@name, @version) ON CONFLICT (name) DO NOTHING", ("name", name), ("version", version));
        }

        transaction.Execute("UPDATE ducklake_metadata SET value = @path WHERE key = 'data_path' AND scope IS NULL", ("path", CatalogPath.DataPath(lake.Store, lake.Paths)));
        if (id is not null)
            transaction.Insert("finks_setting", ("name", ZoneClaim.Setting), ("value", id));
        transaction.Execute("DELETE FROM finks_setting WHERE name = @name", ("name", Marker));
        transaction.Insert("finks_setting", ("name", Marker), ("value", manifest.CatalogSha256));
        CheckCounts(transaction, catalog);
        return rows;
    }

    /// <summary>Zones may have other names here, and be folders where they were buckets.</summary>
    /// <param name="root">What leads the keys of relative paths in the backup.</param>
    private void Rename(string table, Dictionary<string, object?> row, string root, Func<string, string> mine)
    {
        if (row.GetValueOrDefault("path") is not string path)
            return;
        if (table == "finks_bronze_batch")
            row["path"] = mine(path);
        if (table is not ("ducklake_schema" or "ducklake_files_scheduled_for_deletion"))
            return;
        var (here, relative) = CatalogPath.OfSchema(lake.Store, mine((long?)row["path_is_relative"] == 0 ? CatalogPath.Key(path) : root + path));
        (row["path"], row["path_is_relative"]) = (here, relative ? 1L : 0L);
    }

    private string ZoneName(BackupManifest manifest, string key)
    {
        for (var i = 0; i < manifest.Zones.Count; i++)
        {
            if (key.StartsWith(manifest.Zones[i] + "/", StringComparison.Ordinal))
                return lake.Paths.Zones[i] + key[manifest.Zones[i].Length..];
        }

        // A schema of another writer lies beside the zones; where zones are buckets it goes where such a writer would put it.
        return lake.Store.ZonesLieTogether ? key : lake.Paths.GoldPath + key;
    }

    private static bool IsKnown(string component, long version, IEnumerable<(string Name, long Version)> versions)
    {
        var known = versions.FirstOrDefault(v => v.Name == component);
        return known.Name is null || known.Version == version
            ? known.Name is not null
            : throw new LakeException($"The backup's tables of {component} have version {version}, this Finks knows {known.Version}. Restore it with the Finks that made it.");
    }

    private void CheckCounts(LedgerTransaction transaction, CatalogCopy catalog)
    {
        foreach (var table in transaction.TableNames().Intersect(catalog.Tables()).Except([.. leftOut, "finks_setting", "finks_component"]))
        {
            var (now, expected) = (transaction.Scalar<long>($"SELECT count(*) FROM {table}"), catalog.Count(table));
            if (now != expected)
                throw new LakeException($"{table} got {now} of {expected} rows, so the restore was given up. Run it again.");
        }
    }
}
