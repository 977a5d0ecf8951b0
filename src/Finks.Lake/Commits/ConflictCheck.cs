using System.Globalization;
using Finks.Lake.Catalog;

namespace Finks.Lake.Commits;

/// <summary>
/// Compares what a commit is about to do, and what it was computed from, with what others have committed since its basis. DuckLake's rules; see
/// https://ducklake.select/docs/stable/duckdb/advanced_features/conflict_resolution.
/// </summary>
internal sealed class ConflictCheck
{
    /// <summary>These change a table's rows or columns. A compaction changes neither.</summary>
    private static readonly ChangeKind[] OfContent =
    [
        ChangeKind.DroppedTable, ChangeKind.AlteredTable, ChangeKind.InsertedIntoTable, ChangeKind.DeletedFromTable,
        ChangeKind.InlinedInsert, ChangeKind.InlinedDelete,
    ];

    private static readonly ChangeKind[] OfDefinition = [ChangeKind.DroppedTable, ChangeKind.AlteredTable];

    private static readonly ChangeKind[] WithInsert = [.. OfDefinition, ChangeKind.DeletedFromTable, ChangeKind.InlinedDelete];

    /// <summary>A replacement ends files that it has looked at, so these must be the ones still there: a compaction is in its way too.</summary>
    private static readonly ChangeKind[] WithReplace =
        [.. OfContent, ChangeKind.InlineFlush, ChangeKind.MergeAdjacent, ChangeKind.RewriteDelete, ChangeKind.CompactedTable];

    private readonly LedgerReader _reader;
    private readonly Snapshot _basis;
    private readonly Snapshot _last;
    private readonly ILookup<(ChangeKind, long?), Snapshot> _byId;
    private readonly ILookup<(ChangeKind, TableName), Snapshot> _byName;

    private ConflictCheck(LedgerReader reader, Snapshot basis, Snapshot last)
    {
        (_reader, _basis, _last) = (reader, basis, last);
        var changes = Others().SelectMany(other => Parse(other.Snapshot, other.Changes).Select(change => (Change: change, other.Snapshot))).ToList();
        _byId = changes.Where(c => c.Change.Id is not null).ToLookup(c => (c.Change.Kind, c.Change.Id), c => c.Snapshot);
        _byName = changes.Where(c => c.Change.Name is not null)
            .ToLookup(c => (c.Change.Kind, new TableName(c.Change.Schema!, c.Change.Name!)), c => c.Snapshot);
    }

    /// <exception cref="ConflictException">Another commit since the basis is in the way.</exception>
    /// <exception cref="LakeException">The basis is not among the lake's snapshots.</exception>
    public static void Verify(LedgerReader reader, LakeCommit commit, Snapshot last)
    {
        if (commit.Basis is null && commit.Reads.Count > 0)
            throw new LakeException($"The commit {commit.IdempotencyKey} names tables it has read, but not the snapshot that it read them at. Give its basis.");
        if (commit.Basis is null)
            return;
        Verify(reader, commit.Basis, commit.Reads, last, check =>
        {
            foreach (var table in commit.Drops)
                check.Drop(table);
            foreach (var write in commit.Writes)
                check.Write(write);
        });
    }

    /// <summary>For work that writes no table.</summary>
    public static void Verify(
        LedgerReader reader, Snapshot basis, IReadOnlyCollection<TableName> reads, Snapshot last, Action<ConflictCheck>? more = null)
    {
        if (basis.Id > last.Id || SnapshotReader.Find(reader, basis.Id) is null)
            throw new LakeException($"The work was based on snapshot {basis.Id}, which the lake does not have{(basis.Id < last.Id ? " any more: it has been expired" : "")}. "
                + "What has changed since cannot be known, so nothing was committed. Do the work again on a newer snapshot.");
        if (basis.Id == last.Id)
            return;
        var check = new ConflictCheck(reader, basis, last);
        foreach (var table in reads)
            check.Read(table);
        more?.Invoke(check);
    }

    private static IReadOnlyList<Change> Parse(Snapshot snapshot, string? changes)
    {
        try
        {
            return ChangeText.Parse(changes);
        }
        catch (FormatException error)
        {
            throw new LakeException(
                $"What snapshot {snapshot.Id} of {snapshot.Author ?? "an unnamed writer"} changed cannot be understood: {error.Message}. "
                + "Nothing was committed. Do the work again on a newer snapshot.", error);
        }
    }

    private List<(Snapshot Snapshot, string? Changes)> Others()
    {
        var others = SnapshotReader.ChangesAfter(_reader, _basis.Id);
        if (others.Count != _last.Id - _basis.Id)
            throw new ConflictException($"Snapshots between {_basis.Id}, which this work was based on, and {_last.Id} have been expired, "
                + "so what they changed cannot be known. Nothing was committed; do the work again.");
        return others;
    }

    private void Read(TableName table)
    {
        Refuse(table, "was created", _byName[(ChangeKind.CreatedTable, table)].Concat(_byName[(ChangeKind.CreatedView, table)]));
        if (Find(table) is { } id)
            RefuseChanges(table, id, OfContent);
    }

    private void Drop(TableName table)
    {
        if (Find(table) is { } id)
            RefuseChanges(table, id, [ChangeKind.DroppedTable]);
    }

    private void Write(TableWrite write)
    {
        var table = write.Table.TableName;
        var id = Find(table);
        if (id is null)
        {
            Refuse(table, "was created", _byName[(ChangeKind.CreatedTable, table)].Concat(_byName[(ChangeKind.CreatedView, table)]));
            if (CatalogReader.Schemas(_reader, _basis.Id).FirstOrDefault(s => s.Name.Equals(table.Schema, StringComparison.OrdinalIgnoreCase)) is { } schema)
                Refuse(table, "lost its schema", _byId[(ChangeKind.DroppedSchema, schema.Id)]);
            if (write.Table.RenamedFrom is null || Find(new TableName(table.Schema, write.Table.RenamedFrom)) is not { } former)
                return;
            id = former;
        }

        var kinds = write.Mode != WriteMode.Append ? WithReplace : write.Files.Count > 0 ? WithInsert : OfDefinition;
        RefuseChanges(table, id.Value, kinds);
    }

    private void RefuseChanges(TableName table, long id, IEnumerable<ChangeKind> kinds)
    {
        foreach (var kind in kinds)
            Refuse(table, Words(kind), _byId[(kind, id)]);
        // The grammar has no word for a new name: the table counts as created.
        var renamed = _reader.Query(
            "SELECT begin_snapshot FROM ducklake_table WHERE table_id = @table AND begin_snapshot > @basis", r => r.GetInt64(0), ("table", id), ("basis", _basis.Id));
        Refuse(table, "was renamed", renamed.Select(s => SnapshotReader.Find(_reader, s)).OfType<Snapshot>());
    }

    private long? Find(TableName table) => CatalogReader.FindTable(_reader, _basis.Id, table)?.Id;

    private static void Refuse(TableName table, string what, IEnumerable<Snapshot> others)
    {
        if (others.MinBy(s => s.Id) is { } other)
        {
            throw new ConflictException(string.Create(
                CultureInfo.InvariantCulture,
                $"The table {table} {what} meanwhile, by snapshot {other.Id} of {other.Author ?? "an unnamed writer"}"
                + $"{(other.Message is null ? "" : $" ({other.Message})")}, so nothing was committed. Do the work again on the new state."));
        }
    }

    private static string Words(ChangeKind kind) => kind switch
    {
        ChangeKind.DroppedTable => "was dropped",
        ChangeKind.AlteredTable => "was altered",
        ChangeKind.InsertedIntoTable or ChangeKind.InlinedInsert => "got rows",
        ChangeKind.DeletedFromTable or ChangeKind.InlinedDelete => "lost rows",
        _ => "was compacted",
    };
}
