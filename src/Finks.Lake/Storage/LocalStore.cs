using System.Text;
using Finks.Lake.Files;

namespace Finks.Lake.Storage;

/// <summary>Zones in folders of one file system, below a home.</summary>
public sealed class LocalStore : ZoneStore
{
    private readonly string _home;
    private readonly StagingFolder _staging;

    /// <param name="home">Absolute; created when absent. New files are written below its <c>.staging</c>, so that a rename puts them in
    /// place.</param>
    public LocalStore(string home)
    {
        if (!Path.IsPathFullyQualified(home))
            throw new LakeException($"The home '{home}' is not an absolute path. Give the full path of the folder.");
        _home = Path.TrimEndingDirectorySeparator(Path.GetFullPath(home));
        _staging = new StagingFolder(Path.Combine(_home, ".staging"));
    }

    public override string DataPath => _home + "/";

    public override string Stage(string key) => _staging.Next(Path.GetFileName(ZoneKey.Checked(key)));

    public override void Store(IReadOnlyList<StagedFile> files)
    {
        foreach (var file in files)
            LocalFile.CheckStaged(file);

        // Bytes first: a name must never lead to bytes that a loss of power can take.
        Durable.Flush(files.Select(f => f.LocalPath), _home);
        foreach (var file in files)
            Place(file);
        Durable.Flush(files.Select(f => PathOf(f.Key)), _home);
    }

    public override IReadOnlyList<string> Fetch(IReadOnlyList<StoredFile> files) => [.. files.Select(file =>
    {
        var path = Path.IsPathFullyQualified(file.Key) ? file.Key : PathOf(file.Key);
        LocalFile.Check(path, file);
        return path;
    })];

    public override StoredObject? Find(string key)
    {
        var info = new FileInfo(PathOf(key));
        try
        {
            return info.Exists ? new StoredObject(key, info.Length, new DateTimeOffset(info.LastWriteTimeUtc)) : null;
        }
        catch (FileNotFoundException)
        {
            // Deleted between the two looks.
            return null;
        }
    }

    public override IEnumerable<StoredObject> List(string prefix)
    {
        var folder = Path.Combine(_home, ZoneKey.CheckedPrefix(prefix)[..prefix.LastIndexOf('/')]);
        if (!Directory.Exists(folder))
            return [];
        var everything = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        return Directory.EnumerateFiles(folder, "*", everything)
            .Select(path => Path.GetRelativePath(_home, path).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(key => key.StartsWith(prefix, StringComparison.Ordinal))
            .OrderBy(Encoding.UTF8.GetBytes, Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)))
            .Select(Find)
            .OfType<StoredObject>();
    }

    public override void Delete(IReadOnlyList<string> keys)
    {
        foreach (var path in keys.Select(PathOf))
        {
            if (File.Exists(path))
                File.Delete(path);
        }
    }

    public override void WriteText(string key, string text)
    {
        var staged = Stage(key);
        File.WriteAllText(staged, text);
        Durable.Flush([staged], _home);
        var path = PathOf(key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Move(staged, path, overwrite: true);
        Durable.Flush([path], _home);
    }

    public override string? ReadText(string key)
    {
        try
        {
            return File.ReadAllText(PathOf(key));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public override void Prepare(IReadOnlyList<string> zones, string environment)
    {
        foreach (var zone in zones)
            Directory.CreateDirectory(Path.Combine(_home, zone));
    }

    protected override void Dispose(bool disposing) => _staging.Dispose();

    private void Place(StagedFile file)
    {
        var path = PathOf(file.Key);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (ExclusiveMove.Try(file.LocalPath, path))
                return;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LakeException(
                $"{path} cannot be written: {error.Message} Check the folder's permissions and the room on its disk.", error);
        }

        if (new FileInfo(path) is not { Exists: true } there || there.Length != file.Bytes || LocalFile.Sha256(path) != file.Sha256)
        {
            throw new LakeException(
                $"{path} is there already with other bytes, and stored files never change. Store the new bytes under a new key.");
        }

        File.Delete(file.LocalPath);
    }

    private string PathOf(string key) => Path.Combine(_home, ZoneKey.Checked(key).Replace('/', Path.DirectorySeparatorChar));
}
