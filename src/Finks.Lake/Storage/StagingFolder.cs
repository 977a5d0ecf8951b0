namespace Finks.Lake.Storage;

/// <summary>
/// A numbered folder for unfinished files that nobody else writes to, held by a lock that ends with the process. So what a killed process
/// left is known as such, and removed by the next one. Safe for use by several threads.
/// </summary>
/// <param name="root">Holds the numbered folders and their lock files; created when absent.</param>
internal sealed class StagingFolder(string root) : IDisposable
{
    private readonly Lock _lock = new();
    private FileStream? _claim;
    private string _folder = "";
    private long _files;

    /// <summary>A path that was not given before, in a folder that is there.</summary>
    /// <param name="name">What the file name shall end with.</param>
    public string Next(string name)
    {
        lock (_lock)
        {
            _claim ??= Claim();
            return Path.Combine(_folder, $"{++_files}-{name}");
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_claim is null)
                return;
            Empty(_folder);
            _claim.Dispose();
            _claim = null;
        }
    }

    private FileStream Claim()
    {
        Directory.CreateDirectory(root);
        foreach (var other in Directory.GetFiles(root, "*.lock"))
        {
            using var ended = TryLock(other);
            if (ended is not null)
                Empty(Path.ChangeExtension(other, null));
        }

        for (var number = 1; ; number++)
        {
            var folder = Path.Combine(root, $"{number}");
            if (TryLock(folder + ".lock") is { } claim)
            {
                Directory.CreateDirectory(folder);
                _folder = folder;
                return claim;
            }
        }
    }

    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Held by another. Where the file is not even there, the folder cannot be written, and the caller must know.
            return null;
        }
    }

    private static void Empty(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
