namespace Finks.Jinja;

/// <summary>Methods of dict.</summary>
internal static class DictMethods
{
    private static readonly MethodTable<PyDict> Table = new MethodTable<PyDict>()
        .Add("keys", dict => new PyDictView(dict, "dict_keys", pair => pair.Key))
        .Add("values", dict => new PyDictView(dict, "dict_values", pair => pair.Value))
        .Add("items", dict => new PyDictView(dict, "dict_items", pair => new PyTuple(pair.Key, pair.Value)))
        .Add("get", 1, ["key", "default"], (dict, a) => dict.TryGetValue(a[0], out var value) ? value : a.Or(1, null))
        .Add("pop", 1, ["key", "default"], Pop)
        .Add("popitem", PopItem)
        .Add("setdefault", 1, ["key", "default"], SetDefault)
        .Add("copy", dict => dict.Copy())
        .Add("clear", Clear)
        .AddFree("update", Update)
        .AddFree("fromkeys", (_, call) => FromKeys(call))
        .Freeze();

    public static bool TryBind(PyDict dict, string name, out object? method) => Table.TryBind(dict, name, out method);

    /// <summary>Adds what <c>dict(...)</c> and <c>update(...)</c> take: a mapping or pairs, then keywords.</summary>
    public static object? Update(PyDict dict, CallArguments call)
    {
        if (call.Positional.Count > 1)
            throw PyError.Type($"update expected at most 1 argument, got {call.Positional.Count}");
        if (call.Positional.Count == 1)
            AddAll(dict, call.Positional[0]);
        foreach (var (name, value) in call.Keyword)
            dict[name] = value;
        return null;
    }

    private static void AddAll(PyDict dict, object? source)
    {
        if (source is PyDict other)
        {
            foreach (var (key, value) in other.ToList())
                dict[key] = value;
            return;
        }

        foreach (var item in PyValue.Iterate(source).ToList())
        {
            var pair = PyValue.Iterate(item).ToList();
            if (pair.Count != 2)
                throw PyError.Value($"dictionary update sequence element has length {pair.Count}; 2 is required");
            dict[pair[0]] = pair[1];
        }
    }

    private static PyDict FromKeys(CallArguments call)
    {
        var dict = new PyDict();
        foreach (var key in PyValue.Iterate(call.Required(0, "iterable")))
            dict[key] = call.Optional(1, "value");
        return dict;
    }

    private static object? Pop(PyDict dict, Bound a)
    {
        if (dict.Remove(a[0], out var value))
            return value;
        return a.Has(1) ? a[1] : throw new PyError("KeyError", PyValue.Repr(a[0]));
    }

    private static PyTuple PopItem(PyDict dict)
    {
        if (dict.Count == 0)
            throw new PyError("KeyError", "'popitem(): dictionary is empty'");
        var last = dict.Keys.Last();
        dict.Remove(last, out var value);
        return new PyTuple(last, value);
    }

    private static object? SetDefault(PyDict dict, Bound a)
    {
        if (!dict.TryGetValue(a[0], out var value))
            dict[a[0]] = value = a.Or(1, null);
        return value;
    }

    private static object? Clear(PyDict dict)
    {
        dict.Clear();
        return null;
    }
}
