using System.Collections;

namespace Finks.Jinja;

/// <summary>Python's set. Python's order is arbitrary; this one keeps the order of insertion, so that renders repeat.</summary>
public sealed class PySet : PyObject, IEnumerable<object?>
{
    private readonly OrderedDictionary<object, bool> items = new(PyKeyComparer.Instance);

    public PySet()
    {
    }

    public PySet(IEnumerable<object?> items)
    {
        foreach (var item in items)
            Add(item);
    }

    public int Count => items.Count;

    public override string TypeName => "set";

    internal override bool IsTrue => items.Count > 0;

    internal override int? Length => items.Count;

    public bool Add(object? item) => items.TryAdd(PyKeyComparer.Wrap(item), true);

    public bool Contains(object? item) => items.ContainsKey(PyKeyComparer.Wrap(item));

    public bool Remove(object? item) => items.Remove(PyKeyComparer.Wrap(item));

    public IEnumerator<object?> GetEnumerator() => items.Keys.Select(PyKeyComparer.Unwrap).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal override IEnumerable<object?> Iterate() => this;

    internal override bool TryGetAttribute(JinjaEnvironment environment, string name, out object? value) =>
        SetMethods.TryBind(this, name, out value);

    internal override void WriteRepr(ReprWriter writer)
    {
        if (items.Count == 0)
            writer.Append("set()");
        else
            writer.Items(this, "{", this, "}");
    }
}
