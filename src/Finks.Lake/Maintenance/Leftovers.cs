namespace Finks.Lake.Maintenance;

/// <summary>What ended processes left below a lake's home on this machine: files that were being written, and scratch space.</summary>
internal static class Leftovers
{
    /// <returns>The paths of files and of scratch folders.</returns>
    public static IReadOnlyList<string> Sweep(string home, DateTimeOffset before, bool dryRun)
    {
        var staged = StagedFiles(Path.Combine(home, ".staging"), before, dryRun);
        return [.. staged.Concat(ScratchFolders(Path.Combine(home, ".scratch"), before, dryRun)).Order(StringComparer.Ordinal)];
    }

    /// <summary>A folder whose lock file is held belongs to a process that lives.</summary>
    private static List<string> StagedFiles(string root, DateTimeOffset before, bool dryRun)
    {
        var found = new List<string>();
        foreach (var name in Directory.Exists(root) ? Directory.GetFiles(root, "*.lock") : [])
        {
            try
            {
                using var ended = new FileStream(name, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                var folder = Path.ChangeExtension(name, null);
                if (!Directory.Exists(folder))
                    continue;
                foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(f => File.GetLastWriteTimeUtc(f) < before))
                {
                    found.Add(file);
                    if (!dryRun)
                        File.Delete(file);
                }
            }
            catch (IOException)
            {
                // Held: its process lives.
            }
        }

        return found;
    }

    private static List<string> ScratchFolders(string root, DateTimeOffset before, bool dryRun)
    {
        var found = new List<string>();
        foreach (var folder in Directory.Exists(root) ? Directory.GetDirectories(root) : [])
        {
            // A process that lives writes to its scratch files.
            var newest = Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Append(folder).Max(Directory.GetLastWriteTimeUtc);
            if (newest >= before)
                continue;
            found.Add(folder);
            if (!dryRun)
                Directory.Delete(folder, recursive: true);
        }

        return found;
    }
}
