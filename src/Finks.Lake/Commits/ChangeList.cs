namespace Finks.Lake.Commits;

/// <summary>
/// The text of <c>changes_made</c>, from which other writers tell whether their commit conflicts with this one. Only these words are known
/// to them, and they are written in this order: drops, creates, inserts, deletes, alters.
/// </summary>
internal sealed class ChangeList
{
    private readonly SortedSet<(int Order, int Number)> _order = [];
    private readonly List<string> _texts = [];

    public void DroppedTable(long id) => Add(0, $"dropped_table:{id}");

    public void CreatedSchema(string name) => Add(1, $"created_schema:{Quote(name)}");

    public void CreatedTable(string schema, string name) => Add(2, $"created_table:{Quote(schema)}.{Quote(name)}");

    public void InsertedInto(long id) => Add(3, $"inserted_into_table:{id}");

    public void DeletedFrom(long id) => Add(4, $"deleted_from_table:{id}");

    public void Altered(long id) => Add(5, $"altered_table:{id}");

    public override string ToString() => string.Join(',', _order.Select(o => _texts[o.Number]));

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private void Add(int order, string text)
    {
        if (_texts.Contains(text))
            return;
        _order.Add((order, _texts.Count));
        _texts.Add(text);
    }
}
