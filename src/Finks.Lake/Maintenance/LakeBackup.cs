using System.Globalization;
using System.Reflection;
using Finks.Lake.Catalog;
using Finks.Lake.Storage;

namespace Finks.Lake.Maintenance;

/// <param name="Copied">Files that no earlier backup in the place had.</param>
public sealed record BackupReport(BackupManifest Manifest, int Copied, long CopiedBytes);

/// <summary>
/// Copies a lake: first the catalog with all ledgers as one consistent state, then every file it names, Bronze included, last the manifest. Files never
/// change, so concurrent commits do not disturb it, and what an earlier backup has need not be copied again.
/// </summary>
public sealed class LakeBackup(DataLake lake)
{
    /// <summary>Makes a backup. Killed before its end it leaves files that the next one need not copy, and no manifest.</summary>
    /// <exception cref="LakeException">A file is gone or damaged, or lies outside the lake; or the place lies inside it.</exception>
    public BackupReport Run(BackupPlace place, IProgress<MaintenanceProgress> progress, CancellationToken cancellation)
    {
        if ((place.Store.DataPath + place.Prefix).StartsWith(lake.Paths.Home + "/", StringComparison.Ordinal)
            || lake.Paths.Zones.Any(zone => place.Prefix.StartsWith(zone + "/", StringComparison.Ordinal)))
            throw new LakeException($"The backup would lie inside the lake, in {place.Store.DataPath}, and be lost with it. Choose another place, on another disk.");
        var time = lake.Clock.GetUtcNow();
        var name = time.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
        var key = CatalogKey(place, name);
        var staged = place.Store.Stage(key);
        try
        {
            var (catalog, snapshot, files) = lake.Database.Read(reader => (CatalogCopy.Write(reader, staged), SnapshotReader.Newest(reader).Id, Files(reader)));
            using (catalog)
            {
                var there = place.Store.List(place.Files).ToDictionary(f => f.Key, f => f.Bytes, StringComparer.Ordinal);
                var hashed = files.Select(f => f.Sha256 is null ? f with { Sha256 = Hash(f) } : f).ToList();
                var (copied, bytes) = new FileTransfer(lake.Store, place.Store).Copy(
                    [.. hashed.Select(f => (f.Key, f.Bytes, f.Sha256))], place.KeyOf, there, progress, cancellation);
                catalog.Insert(hashed.Select(f => new BackupFile(f.Key, f.Bytes, f.Sha256!)));
                catalog.Dispose();
                var manifest = Store(place, new StagedFile(key, staged, new FileInfo(staged).Length, LocalFile.Sha256(staged)), name, time, snapshot, hashed);
                return new BackupReport(manifest, copied, bytes);
            }
        }
        finally
        {
            File.Delete(staged);
        }
    }

    internal static string CatalogKey(BackupPlace place, string name) => $"{place.Backups}{name}/catalog.sqlite";

    private BackupManifest Store(BackupPlace place, StagedFile catalog, string name, DateTimeOffset time, long snapshot, IReadOnlyList<NamedBytes> files)
    {
        place.Store.Store([catalog]);
        var manifest = new BackupManifest
        {
            Name = name,
            Time = time,
            FinksVersion = typeof(LakeBackup).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
            Environment = lake.Paths.Environment,
            Zones = lake.Paths.Zones,
            Snapshot = snapshot,
            Files = files.Count,
            Bytes = files.Sum(f => f.Bytes),
            CatalogBytes = catalog.Bytes,
            CatalogSha256 = catalog.Sha256,
        };
        place.Store.WriteText($"{place.Backups}{name}{BackupManifest.FileName}", manifest.ToJson());
        return manifest;
    }

    private static List<NamedBytes> Files(LedgerReader reader)
    {
        var named = NamedFile.All(reader);
        if (named.FirstOrDefault(f => !f.InLake) is { } outside)
            throw new LakeException($"{outside.Table} has the file {outside.Key} outside the lake, put there by another writer. Back it up by hand, or load its rows into the lake first.");
        var bronze = reader.HasTable("finks_bronze_batch")
            ? reader.Query("SELECT path, file_bytes, sha256 FROM finks_bronze_batch ORDER BY batch_id", r => new NamedBytes(r.GetString(0), r.GetInt64(1), r.GetString(2)))
            : [];
        return [.. bronze, .. named.Select(f => new NamedBytes(f.Key, f.Bytes, f.Sha256))];
    }

    /// <summary>Other writers keep no hash of their files.</summary>
    private string Hash(NamedBytes file) => LocalFile.Sha256(lake.Store.Fetch([new StoredFile(file.Key, file.Bytes)])[0]);

    private sealed record NamedBytes(string Key, long Bytes, string? Sha256);
}
