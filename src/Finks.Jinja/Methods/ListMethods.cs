namespace Finks.Jinja;

/// <summary>Methods of list.</summary>
internal static class ListMethods
{
    private static readonly MethodTable<PyList> Table = new MethodTable<PyList>()
        .Add("append", 1, ["object"], (list, a) => Void(() => list.Items.Add(a[0])))
        .Add("extend", 1, ["iterable"], (list, a) => Void(() => list.Items.AddRange(PyValue.Iterate(a[0]).ToList())))
        .Add("insert", 2, ["index", "object"], (list, a) => Void(() => list.Items.Insert(Clamp(a.Int(0), list.Count), a[1])))
        .Add("remove", 1, ["value"], Remove)
        .Add("pop", 0, ["index"], Pop)
        .Add("clear", list => Void(list.Items.Clear))
        .Add("copy", list => new PyList(list.Items))
        .Add("reverse", list => Void(list.Items.Reverse))
        .Add("sort", 0, ["key", "reverse"], Sort)
        .Add("count", 1, ["value"], (list, a) => (long)list.Items.Count(item => PyValue.Equals(item, a[0])))
        .Add("index", 1, ["value", "start", "stop"], (list, a) => SequenceMethods.IndexOf(list.Items, a, "list"))
        .Freeze();

    public static bool TryBind(PyList list, string name, out object? method) => Table.TryBind(list, name, out method);

    private static object? Void(Action action)
    {
        action();
        return null;
    }

    private static int Clamp(int index, int count) => Math.Clamp(index < 0 ? index + count : index, 0, count);

    private static object? Remove(PyList list, Bound a)
    {
        var value = a[0];
        var index = list.Items.FindIndex(item => PyValue.Equals(item, value));
        if (index < 0)
            throw PyError.Value("list.remove(x): x not in list");
        list.Items.RemoveAt(index);
        return null;
    }

    private static object? Pop(PyList list, Bound a)
    {
        if (list.Count == 0)
            throw new PyError("IndexError", "pop from empty list");
        var index = a.Int(0, -1);
        index = index < 0 ? index + list.Count : index;
        if (index < 0 || index >= list.Count)
            throw new PyError("IndexError", "pop index out of range");
        var item = list[index];
        list.Items.RemoveAt(index);
        return item;
    }

    private static object? Sort(PyList list, Bound a)
    {
        var (key, call) = (a.Or(0, null), a.Call);
        var sorted = PySort.Order(list.Items, item => key is null ? item : PyValue.Call(key, call.With(item)), a.Flag(1));
        list.Items.Clear();
        list.Items.AddRange(sorted);
        return null;
    }
}

/// <summary>Methods of tuple.</summary>
internal static class SequenceMethods
{
    private static readonly MethodTable<PyTuple> Table = new MethodTable<PyTuple>()
        .Add("count", 1, ["value"], (tuple, a) => (long)tuple.Items.Count(item => PyValue.Equals(item, a[0])))
        .Add("index", 1, ["value", "start", "stop"], (tuple, a) => IndexOf(tuple.Items, a, "tuple"))
        .Freeze();

    public static bool TryBind(PyTuple tuple, string name, out object? method) => Table.TryBind(tuple, name, out method);

    public static object IndexOf(IReadOnlyList<object?> items, Bound a, string type)
    {
        var start = a.Int(1);
        var stop = a.Int(2, items.Count);
        start = Math.Max(0, start < 0 ? start + items.Count : start);
        stop = Math.Min(items.Count, stop < 0 ? stop + items.Count : stop);
        for (var index = start; index < stop; index++)
        {
            if (PyValue.Equals(items[index], a[0]))
                return (long)index;
        }

        throw PyError.Value(type == "list" ? $"{PyValue.Repr(a[0])} is not in list" : "tuple.index(x): x not in tuple");
    }
}
