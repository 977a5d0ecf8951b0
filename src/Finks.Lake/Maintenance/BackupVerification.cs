using Finks.Lake.Storage;

namespace Finks.Lake.Maintenance;

/// <summary>Proves that a backup is whole, without restoring it.</summary>
public sealed class BackupVerification(BackupPlace place)
{
    /// <summary>Files looked at between two reports of progress.</summary>
    private const int AtOnce = 32;

    /// <summary>Reads every file of a backup and compares it with its hash.</summary>
    /// <param name="name">Null for the newest.</param>
    /// <exception cref="LakeException">There is no such backup, or its catalog is damaged.</exception>
    public (BackupManifest Manifest, LakeCheckReport Report) Run(string? name, IProgress<MaintenanceProgress> progress, CancellationToken cancellation)
    {
        var manifest = place.Find(name);
        using var catalog = Open(place, manifest);
        var files = catalog.Files();
        var problems = new List<string>();
        if (files.Count != manifest.Files)
            problems.Add($"the catalog lists {files.Count} files, the manifest {manifest.Files}: use another backup");
        for (var i = 0; i < files.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (i % AtOnce == 0)
                progress.Report(new MaintenanceProgress(files[i].Key, (double)i / files.Count));
            try
            {
                place.Store.Fetch([new StoredFile(place.KeyOf(files[i].Key), files[i].Bytes, files[i].Sha256)]);
            }
            catch (LakeException error)
            {
                problems.Add($"{files[i].Key}: {error.Message} Delete what is left of it and make a new backup while the lake still has the file");
            }
        }

        return (manifest, new LakeCheckReport(files.Count, files.Sum(f => f.Bytes), problems));
    }

    internal static CatalogCopy Open(BackupPlace place, BackupManifest manifest) => CatalogCopy.Open(
        place.Store.Fetch([new StoredFile(LakeBackup.CatalogKey(place, manifest.Name), manifest.CatalogBytes, manifest.CatalogSha256)])[0]);
}
