namespace Finks.Lake.Commits;

/// <summary>What one commit did, from which other writers tell whether theirs conflicts with it.</summary>
internal sealed class ChangeList
{
    private readonly List<Change> _changes = [];

    public void DroppedTable(long id) => Add(new Change(ChangeKind.DroppedTable, id));

    public void CreatedSchema(string name) => Add(new Change(ChangeKind.CreatedSchema, null, name));

    public void CreatedTable(string schema, string name) => Add(new Change(ChangeKind.CreatedTable, null, schema, name));

    public void InsertedInto(long id) => Add(new Change(ChangeKind.InsertedIntoTable, id));

    public void DeletedFrom(long id) => Add(new Change(ChangeKind.DeletedFromTable, id));

    public void Altered(long id) => Add(new Change(ChangeKind.AlteredTable, id));

    public void Rewrote(long id) => Add(new Change(ChangeKind.RewriteDelete, id));

    public override string ToString() => string.Join(',', _changes.OrderBy(c => c.Kind));

    private void Add(Change change)
    {
        if (!_changes.Contains(change))
            _changes.Add(change);
    }
}
