using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Finks.Jinja;

/// <summary>Python's dict: keeps the order of insertion, and compares keys as Python does.</summary>
public sealed class PyDict : PyObject, IEnumerable<KeyValuePair<object?, object?>>
{
    private readonly OrderedDictionary<object, object?> items;

    public PyDict() => items = new(PyKeyComparer.Instance);

    public PyDict(IEnumerable<KeyValuePair<string, object?>> pairs)
        : this()
    {
        foreach (var (key, value) in pairs)
            items[key] = value;
    }

    public int Count => items.Count;

    public override string TypeName => "dict";

    public IEnumerable<object?> Keys => items.Keys.Select(PyKeyComparer.Unwrap);

    public IEnumerable<object?> Values => items.Values;

    internal override bool IsTrue => items.Count > 0;

    internal override int? Length => items.Count;

    /// <exception cref="KeyNotFoundException">Reading a key that is not there.</exception>
    [SuppressMessage("Design", "CA1043", Justification = "A Python key is any value.")]
    public object? this[object? key]
    {
        get => items[PyKeyComparer.Wrap(key)];
        set => items[PyKeyComparer.Wrap(key)] = value;
    }

    public void Add(object? key, object? value) => items[PyKeyComparer.Wrap(key)] = value;

    public bool TryGetValue(object? key, out object? value) => items.TryGetValue(PyKeyComparer.Wrap(key), out value);

    public bool ContainsKey(object? key) => items.ContainsKey(PyKeyComparer.Wrap(key));

    public bool Remove(object? key, out object? value) => items.Remove(PyKeyComparer.Wrap(key), out value);

    public void Clear() => items.Clear();

    public PyDict Copy()
    {
        var copy = new PyDict();
        foreach (var (key, value) in items)
            copy.items.Add(key, value);
        return copy;
    }

    public IEnumerator<KeyValuePair<object?, object?>> GetEnumerator()
    {
        foreach (var (key, value) in items)
            yield return new(PyKeyComparer.Unwrap(key), value);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal override IEnumerable<object?> Iterate()
    {
        var count = items.Count;
        for (var index = 0; index < count; index++)
        {
            if (items.Count != count)
                throw new PyError("RuntimeError", "dictionary changed size during iteration");
            yield return PyKeyComparer.Unwrap(items.GetAt(index).Key);
        }
    }

    internal override bool TryGetAttribute(JinjaEnvironment environment, string name, out object? value) =>
        DictMethods.TryBind(this, name, out value);

    internal override void WriteRepr(ReprWriter writer) => writer.Pairs(this, this);
}
