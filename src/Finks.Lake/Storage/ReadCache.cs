using System.Collections.Concurrent;

namespace Finks.Lake.Storage;

/// <summary>
/// A folder of read copies, shared by threads and processes. A copy gets its name when it is whole, and is never replaced while someone
/// uses it.
/// </summary>
/// <remarks>
/// Who uses a copy holds it open with a shared lock; who removes one takes an exclusive lock first. A lock belongs to the file and not to
/// its name, and a name can be taken away between opening and locking. Hence two rules: a new copy is locked before it gets its name, and
/// a copy is emptied before its name is removed, so that a reader who was too late sees it by the size. Locks end with their process.
/// </remarks>
internal sealed class ReadCache : IDisposable
{
    /// <summary>Locks are held by others for moments only, unless someone uses the file.</summary>
    private const int MaxSpins = 1000;

    private readonly string _copies;
    private readonly long _limitBytes;
    private readonly TimeProvider _clock;
    private readonly StagingFolder _incoming;
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Pin> _pins = new(StringComparer.Ordinal);

    public ReadCache(string folder, long limitBytes, TimeProvider clock)
    {
        _copies = Path.Combine(folder, "copies");
        _limitBytes = limitBytes;
        _clock = clock;
        _incoming = new StagingFolder(Path.Combine(folder, "incoming"));
    }

    /// <summary>The path of a copy, which stays until this cache is disposed.</summary>
    /// <param name="name">A relative path.</param>
    /// <param name="bytes">What the copy must have; another size shows that it is damaged.</param>
    /// <param name="sha256">Compared when given.</param>
    /// <param name="download">Writes the file, proved to be right, to the path it is given.</param>
    /// <exception cref="LakeException">The copy is damaged and in use.</exception>
    public async Task<string> Get(string name, long bytes, string? sha256, Func<string, Task> download, CancellationToken cancel)
    {
        var path = PathOf(name);
        var turn = _turns.GetOrAdd(path, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancel);
        try
        {
            var spin = default(SpinWait);
            while (true)
            {
                if (Held(path, bytes, sha256))
                    return path;
                if (!File.Exists(path))
                    await Bring(path, sha256, download);
                else if (!TryRemove(path, copy => copy.Length != bytes || !HasHash(copy, sha256)))
                    Wait(ref spin, path);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Makes a file that was just stored the copy of its key, and takes it away from where it is.</summary>
    public void Add(string name, string file)
    {
        var path = PathOf(name);
        var incoming = _incoming.Next(Path.GetFileName(path));
        // In two steps, since the file may be on another file system, where moving is copying.
        File.Move(file, incoming);
        using (var stream = new FileStream(incoming, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            stream.Flush(flushToDisk: true);
        Touch(incoming);
        TryRemove(path, _ => true);
        if (!TryName(incoming, path))
            File.Delete(incoming);
    }

    /// <summary>Removes a copy, unless someone uses it.</summary>
    public void Forget(string name) => TryRemove(PathOf(name), _ => true);

    /// <summary>Removes the copies used least recently, until the limit is kept or only those in use are left.</summary>
    public void Evict()
    {
        if (!Directory.Exists(_copies))
            return;
        var everything = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 };
        var copies = new DirectoryInfo(_copies).EnumerateFiles("*", everything)
            .Select(f => (f.FullName, Bytes: f.Exists ? f.Length : 0, Used: f.LastWriteTimeUtc))
            .OrderBy(f => f.Used)
            .ToList();
        var total = copies.Sum(f => f.Bytes);
        foreach (var (path, bytes, _) in copies)
        {
            if (total <= _limitBytes)
                break;
            // Empty ones take no room, and emptying would not show.
            if (bytes > 0 && TryRemove(path, _ => true))
                total -= bytes;
        }
    }

    public void Dispose()
    {
        foreach (var pin in _pins.Values)
            pin.File.Dispose();
        _pins.Clear();
        _incoming.Dispose();
    }

    /// <summary>Whether the copy is there, right, and now held by this cache.</summary>
    private bool Held(string path, long bytes, string? sha256)
    {
        if (_pins.TryGetValue(path, out var held) && held.File.Length == bytes && (sha256 is null || held.Sha256 == sha256))
            return true;
        if (TryOpen(path) is not { } file)
            return false;
        if (file.Length != bytes || !HasHash(file, sha256))
        {
            file.Dispose();
            return false;
        }

        Keep(path, new Pin(file, sha256));
        return true;
    }

    private async Task Bring(string path, string? sha256, Func<string, Task> download)
    {
        var incoming = _incoming.Next(Path.GetFileName(path));
        try
        {
            await download(incoming);
            var file = TryOpen(incoming)
                ?? throw new LakeException($"The downloaded file {incoming} is gone. Leave the cache folder to Finks, and run again.");
            if (TryName(incoming, path))
            {
                Keep(path, new Pin(file, sha256));
                return;
            }

            // Another process was first: its copy counts.
            file.Dispose();
        }
        finally
        {
            File.Delete(incoming);
        }
    }

    private void Keep(string path, Pin pin)
    {
        if (_pins.TryGetValue(path, out var former))
            former.File.Dispose();
        _pins[path] = pin;
        Touch(path);
    }

    /// <summary>Not by the access time, which many systems do not keep.</summary>
    private void Touch(string path) => File.SetLastWriteTimeUtc(path, _clock.GetUtcNow().UtcDateTime);

    /// <summary>False when another copy has the name.</summary>
    private static bool TryName(string incoming, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return ExclusiveMove.Try(incoming, path);
    }

    /// <summary>Null when the file is not there, or is being removed.</summary>
    private static FileStream? TryOpen(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>False when someone uses the file.</summary>
    /// <param name="condition">Asked once nobody else can change it.</param>
    private static bool TryRemove(string path, Func<FileStream, bool> condition)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            if (condition(file))
            {
                file.SetLength(0);
                File.Delete(path);
            }

            return true;
        }
        catch (IOException)
        {
            return !File.Exists(path);
        }
    }

    private static bool HasHash(FileStream file, string? sha256)
    {
        if (sha256 is null)
            return true;
        file.Position = 0;
        return LocalFile.Sha256(file) == sha256;
    }

    private static void Wait(ref SpinWait spin, string path)
    {
        if (spin.Count > MaxSpins)
            throw new LakeException($"The read copy {path} is damaged and in use. End the programs that use it, delete it, and run again.");
        spin.SpinOnce();
    }

    private string PathOf(string name) => Path.Combine(_copies, name.Replace('/', Path.DirectorySeparatorChar));

    /// <param name="Sha256">What it was compared with; null when with nothing.</param>
    private sealed record Pin(FileStream File, string? Sha256);
}
