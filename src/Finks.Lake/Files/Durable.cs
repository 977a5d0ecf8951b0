using System.Runtime.InteropServices;

namespace Finks.Lake.Files;

/// <summary>Makes files survive a loss of power: their bytes, and the folder entries that lead to them.</summary>
internal static class Durable
{
    /// <param name="files">Absolute paths.</param>
    /// <param name="root">Folders from a file's own up to this one are flushed, each once.</param>
    public static void Flush(IEnumerable<string> files, string root)
    {
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            using (var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite))
                RandomAccess.FlushToDisk(handle);
            for (var folder = Path.GetDirectoryName(file); folder is not null && folder.Length >= root.Length; folder = Path.GetDirectoryName(folder))
                folders.Add(folder);
        }

        // Windows keeps folder entries in its journal and cannot flush a folder.
        if (!OperatingSystem.IsWindows())
        {
            foreach (var folder in folders)
                FlushFolder(folder);
        }
    }

    private static void FlushFolder(string path)
    {
        // .NET refuses to open a folder, so this goes to the C library. 0 is O_RDONLY.
        var descriptor = Open(path, 0);
        if (descriptor < 0)
            throw new IOException($"Cannot open the folder {path} to flush it (error {Marshal.GetLastPInvokeError()}).");
        var result = Sync(descriptor);
        var error = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (result != 0)
            throw new IOException($"Cannot flush the folder {path} (error {error}).");
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    private static extern int Close(int descriptor);
}
