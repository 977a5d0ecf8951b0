using Finks.Lake.Storage;

namespace Finks.Lake.Maintenance;

/// <summary>
/// Where backups are kept: below <c>files/</c> every file that any of them has, under its key in the lake; below <c>backups/TIME/</c> the catalog and the
/// manifest of each.
/// </summary>
/// <param name="Prefix">What leads every key in the store, empty or with a slash at its end: <c>bucket/folder/</c> for S3.</param>
public sealed record BackupPlace(ZoneStore Store, string Prefix) : IDisposable
{
    /// <summary>A folder of this machine; created when absent.</summary>
    public static BackupPlace Folder(string path) => new(new LocalStore(Path.GetFullPath(path)), "");

    internal string Files => $"{Prefix}files/";

    internal string Backups => $"{Prefix}backups/";

    internal string KeyOf(string lakeKey) => Files + lakeKey;

    /// <summary>The complete backups, oldest first. One without a manifest is not complete, and not among them.</summary>
    public IReadOnlyList<BackupManifest> All() =>
    [
        .. Store.List(Backups).Where(f => f.Key.EndsWith(BackupManifest.FileName, StringComparison.Ordinal)).Select(f => f.Key).Order(StringComparer.Ordinal)
            .Select(key => BackupManifest.Parse(Store.ReadText(key) ?? throw new LakeException($"The manifest {key} is gone. Run again."), key)),
    ];

    /// <param name="name">Null for the newest.</param>
    /// <exception cref="LakeException">There is no complete backup, or none of this name.</exception>
    public BackupManifest Find(string? name)
    {
        var all = All();
        if (all.Count == 0)
            throw new LakeException($"{Store.DataPath}{Prefix} holds no complete backup: one without a manifest was never finished. Make one with `finks lake backup`.");
        return name is null ? all[^1] : all.FirstOrDefault(b => b.Name == name)
            ?? throw new LakeException($"{Store.DataPath}{Prefix} holds no backup '{name}'. It has {string.Join(", ", all.Select(b => b.Name))}.");
    }

    public void Dispose() => Store.Dispose();
}
