using System.Collections.Concurrent;
using Finks.Lake.Storage;

namespace Finks.Lake.Files;

/// <summary>The files of one write, on this machine, before they are stored. Safe for use by several threads.</summary>
/// <param name="prefix">What leads the keys of the table's files.</param>
internal sealed class Staging(ZoneStore store, string prefix)
{
    private readonly ConcurrentDictionary<string, string> _paths = new(StringComparer.Ordinal);

    /// <summary>Where to write the file; the same path each time it is asked for.</summary>
    public string PathOf(string name) => _paths.GetOrAdd(name, n => store.Stage(prefix + n));

    public StagedFile Staged(WrittenFile file) => new(prefix + file.Path, PathOf(file.Path), file.Bytes, file.Sha256);

    /// <summary>Deletes one file that shall not be stored.</summary>
    public void Discard(WrittenFile file)
    {
        if (_paths.TryRemove(file.Path, out var path))
            File.Delete(path);
    }

    /// <summary>Deletes what has not been stored.</summary>
    public void Discard()
    {
        foreach (var path in _paths.Values)
            File.Delete(path);
    }
}
