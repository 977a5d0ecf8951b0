namespace Finks.Lake.Storage;

/// <summary>
/// Tells of every operation of another store before it is done, so that tests and <c>finks chaos</c> can fail or end the process at any of
/// them.
/// </summary>
/// <param name="before">Given the operation's name, as in <see cref="ZoneStore"/>, or one of the constants here. What it throws, the
/// caller gets.</param>
public sealed class FaultyStore(ZoneStore inner, Action<string> before) : ZoneStore
{
    /// <summary>Within <see cref="Store"/>: half of the files, rounded down, are stored.</summary>
    public const string HalfStored = "HalfStored";

    /// <summary>Within <see cref="Store"/>: all files are stored, and the caller does not know yet.</summary>
    public const string Stored = "Stored";

    public override string DataPath => inner.DataPath;

    public override bool ZonesLieTogether => inner.ZonesLieTogether;

    public override string Stage(string key) => inner.Stage(key);

    public override void Store(IReadOnlyList<StagedFile> files)
    {
        before(nameof(Store));
        var half = files.Count / 2;
        inner.Store([.. files.Take(half)]);
        before(HalfStored);
        inner.Store([.. files.Skip(half)]);
        before(Stored);
    }

    public override IReadOnlyList<string> Fetch(IReadOnlyList<StoredFile> files)
    {
        before(nameof(Fetch));
        return inner.Fetch(files);
    }

    public override StoredObject? Find(string key)
    {
        before(nameof(Find));
        return inner.Find(key);
    }

    public override IEnumerable<StoredObject> List(string prefix)
    {
        before(nameof(List));
        return inner.List(prefix);
    }

    public override void Delete(IReadOnlyList<string> keys)
    {
        before(nameof(Delete));
        inner.Delete(keys);
    }

    public override void WriteText(string key, string text)
    {
        before(nameof(WriteText));
        inner.WriteText(key, text);
    }

    public override string? ReadText(string key)
    {
        before(nameof(ReadText));
        return inner.ReadText(key);
    }

    public override void Prepare(IReadOnlyList<string> zones, string environment) => inner.Prepare(zones, environment);

    protected override void Dispose(bool disposing) => inner.Dispose();
}
