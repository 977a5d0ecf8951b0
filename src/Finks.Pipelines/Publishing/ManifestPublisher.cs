using Finks.Lake;
using Finks.Pipelines.Gold;

namespace Finks.Pipelines.Publishing;

/// <summary>What publishing did, or would do, to one table.</summary>
/// <param name="Written">Addresses of the manifests that were created or replaced.</param>
/// <param name="Deleted">Addresses of the manifests of partitions that are gone.</param>
/// <param name="Refusal">Why the table cannot be published; null when it can.</param>
public sealed record PublishedTable(string Table, IReadOnlyList<string> Written, IReadOnlyList<string> Deleted, string? Refusal = null);

/// <summary>
/// Keeps the manifests of all Gold tables at the newest snapshot. A manifest is replaced as a whole; a table with several partitions changes one
/// partition after the other. Run twice, it writes nothing; cut off, it is done again by the next run.
/// </summary>
public sealed class ManifestPublisher
{
    /// <summary>The table that tells which manifests are stored. A backup holds no manifests.</summary>
    public static readonly IReadOnlyCollection<string> Ledgers = ["finks_manifest"];

    private readonly DataLake _lake;
    private readonly ManifestLedger _ledger;

    public ManifestPublisher(Workspace workspace) => (_lake, _ledger) = (workspace.Lake, new ManifestLedger(workspace.Lake, workspace.Clock));

    /// <summary>Publishes what has changed since the last time.</summary>
    /// <param name="look">Whether to compare the stored manifests even where the ledger says that they are right: somebody may have deleted one.</param>
    /// <returns>The tables for which there was something to do, or to refuse.</returns>
    /// <exception cref="ConflictException">Other processes committed every time meanwhile.</exception>
    public IReadOnlyList<PublishedTable> Publish(bool look = false)
    {
        // After a conflict this process may have overwritten what another published: then it looks at what is there.
        var attempts = 0;
        return ConflictException.Retry(() => Run(look || attempts++ > 0, Apply, Forget));
    }

    /// <summary>What <see cref="Publish"/> would do, looking at the stored manifests.</summary>
    public IReadOnlyList<PublishedTable> Plan() => Run(look: true, (_, _, _) => { }, (_, _) => { });

    private List<PublishedTable> Run(bool look, Action<TableManifests, Snapshot, Changes> apply, Action<string, Snapshot> forget)
    {
        var snapshot = _lake.CurrentSnapshot();
        var tables = _lake.Tables(snapshot).Where(t => t.Schema == GoldPublisher.Schema).ToList();
        var published = new List<PublishedTable>();
        foreach (var table in tables)
        {
            if (Manifests(table, snapshot, published) is not { } manifests || (!look && _ledger.Holds(manifests)))
                continue;
            var changes = Compare(manifests);
            if (changes.Any || !_ledger.Holds(manifests))
                apply(manifests, snapshot, changes);
            if (changes.Any)
                published.Add(Describe(table.Name, changes));
        }

        foreach (var gone in _ledger.Tables().Except(tables.Select(t => t.Name)))
        {
            published.Add(Describe(gone, new Changes([], Stored(gone))));
            forget(gone, snapshot);
        }

        return published;
    }

    private TableManifests? Manifests(LakeTable table, Snapshot snapshot, List<PublishedTable> published)
    {
        try
        {
            return TableManifests.Of(_lake, table, snapshot);
        }
        catch (LakeException refused)
        {
            published.Add(new PublishedTable(table.Name, [], [], refused.Message));
            return null;
        }
    }

    private Changes Compare(TableManifests manifests) => new(
        [.. manifests.TextByKey.Where(m => _lake.Store.ReadText(m.Key) != m.Value).Select(m => m.Key).Order(StringComparer.Ordinal)],
        [.. Stored(manifests.Table).Where(key => !manifests.TextByKey.ContainsKey(key))]);

    private void Apply(TableManifests manifests, Snapshot snapshot, Changes changes)
    {
        _ledger.Begin(manifests.Table);
        foreach (var key in changes.Written)
            _lake.Store.WriteText(key, manifests.TextByKey[key]);
        if (changes.Deleted.Count > 0)
            _lake.Store.Delete(changes.Deleted);
        _ledger.End(manifests, snapshot);
    }

    private void Forget(string table, Snapshot snapshot)
    {
        _lake.Store.Delete(Stored(table));
        _ledger.Forget(table, snapshot);
    }

    private IReadOnlyList<string> Stored(string table) => [.. _lake.Store.List(TableManifests.PrefixOf(_lake, table)).Select(o => o.Key)];

    private PublishedTable Describe(string table, Changes changes) => new(
        table, [.. changes.Written.Select(k => TableManifests.Address(_lake, k))], [.. changes.Deleted.Select(k => TableManifests.Address(_lake, k))]);

    /// <summary>Keys to write and keys to delete.</summary>
    private sealed record Changes(IReadOnlyList<string> Written, IReadOnlyList<string> Deleted)
    {
        public bool Any => Written.Count + Deleted.Count > 0;
    }
}
