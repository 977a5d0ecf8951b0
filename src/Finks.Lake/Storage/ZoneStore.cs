namespace Finks.Lake.Storage;

/// <summary>
/// Where the files of the zones are. A key is a path below <see cref="DataPath"/> with forward slashes, whose first part is the zone:
/// <c>dev-silver-zone/eod_prices/year=2024/x.parquet</c>. A stored file never changes; only small texts, such as manifests, are replaced.
/// Safe for use by several threads.
/// </summary>
public abstract class ZoneStore : IDisposable
{
    /// <summary>What makes a key a path that other programs understand: a folder with a slash at its end, or <c>s3://</c>.</summary>
    public abstract string DataPath { get; }

    /// <summary>Whether the zones lie together, so that the catalog can name them relative to one place. Buckets do not: DuckLake takes no
    /// <c>s3://</c> for a place.</summary>
    public virtual bool ZonesLieTogether => true;

    /// <summary>A path of this machine at which a new file can be written, its folder there already. Nobody else sees it.</summary>
    public abstract string Stage(string key);

    /// <summary>Makes staged files appear under their keys, each whole or not at all. When this returns they survive a loss of power, and
    /// their staged paths are gone. A key that exists already is an error, unless it holds the same bytes: then an earlier attempt stored
    /// it.</summary>
    /// <exception cref="LakeException">A file could not be stored, or the key holds other bytes. Some of the others may be
    /// stored.</exception>
    public abstract void Store(IReadOnlyList<StagedFile> files);

    /// <summary>Paths of this machine at which stored files can be read, in the order asked for. They stay until the store is
    /// disposed.</summary>
    /// <param name="files">With absolute paths in place of keys for files that another writer put outside.</param>
    /// <exception cref="LakeException">A file is gone, or not of the size or hash it should have.</exception>
    public abstract IReadOnlyList<string> Fetch(IReadOnlyList<StoredFile> files);

    /// <summary>What is stored under a key; null when nothing is.</summary>
    public abstract StoredObject? Find(string key);

    /// <summary>All that is stored under keys that begin with <paramref name="prefix"/>, in the order of keys by their UTF-8 bytes. None
    /// when a folder or bucket is not there.</summary>
    /// <param name="prefix">A zone and a slash at least: <c>dev-silver-zone/</c>.</param>
    public abstract IEnumerable<StoredObject> List(string prefix);

    /// <summary>Deletes; a key that is not there is no error.</summary>
    public abstract void Delete(IReadOnlyList<string> keys);

    /// <summary>Creates or replaces a small text, UTF-8: readers see the old or the new one, never a mixture.</summary>
    public abstract void WriteText(string key, string text);

    /// <summary>A small text; null when there is none.</summary>
    public abstract string? ReadText(string key);

    /// <summary>Makes sure that the zones can be written: creates folders that are not there, or looks for the buckets.</summary>
    /// <param name="zones">The first parts of keys, without slashes.</param>
    /// <param name="environment">The environment they belong to: dev, staging, prod, …</param>
    /// <exception cref="LakeException">A bucket is not there, may not be used, or belongs to another environment.</exception>
    public abstract void Prepare(IReadOnlyList<string> zones, string environment);

    /// <summary>Lets go of the paths that <see cref="Fetch"/> gave.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <param name="LocalPath">What <see cref="ZoneStore.Stage"/> gave for the key; the file is complete and closed.</param>
/// <param name="Sha256">Of its bytes, lower-case hexadecimal.</param>
public sealed record StagedFile(string Key, string LocalPath, long Bytes, string Sha256);

/// <param name="Bytes">Null when unknown.</param>
/// <param name="Sha256">Lower-case hexadecimal; null when unknown.</param>
public sealed record StoredFile(string Key, long? Bytes, string? Sha256 = null);

/// <param name="LastModified">By the store's clock, UTC.</param>
public sealed record StoredObject(string Key, long Bytes, DateTimeOffset LastModified);
