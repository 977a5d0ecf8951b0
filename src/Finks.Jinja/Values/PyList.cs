using System.Collections;

namespace Finks.Jinja;

/// <summary>Python's list.</summary>
public sealed class PyList : PyObject, IReadOnlyList<object?>
{
    public PyList() => Items = [];

    public PyList(IEnumerable<object?> items) => Items = [.. items];

    /// <summary>The items themselves, not a copy.</summary>
    public List<object?> Items { get; }

    public int Count => Items.Count;

    public override string TypeName => "list";

    internal override bool IsTrue => Items.Count > 0;

    internal override int? Length => Items.Count;

    public object? this[int index] => Items[index];

    public void Add(object? item) => Items.Add(item);

    public IEnumerator<object?> GetEnumerator() => Items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // A Python list may change while it is walked: the walk goes by index.
    internal override IEnumerable<object?> Iterate()
    {
        for (var index = 0; index < Items.Count; index++)
            yield return Items[index];
    }

    internal override void WriteRepr(ReprWriter writer) => writer.Items(this, "[", Items, "]");

    internal override bool TryGetAttribute(JinjaEnvironment environment, string name, out object? value) =>
        ListMethods.TryBind(this, name, out value);
}
