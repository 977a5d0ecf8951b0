namespace Finks.Jinja;

/// <summary>Filters on whole sequences.</summary>
internal static class SequenceFilters
{
    public static void AddTo(Dictionary<string, JinjaFunction> filters)
    {
        filters.Define("length", value => (long)PyValue.LengthOf(value));
        filters.Define("list", value => new PyList(PyValue.Iterate(value)));
        filters.Define("items", value => value is Undefined ? new PyIterator("generator", []) : value is PyDict dict
            ? new PyIterator("generator", dict.Select(pair => (object?)new PyTuple(pair.Key, pair.Value)))
            : throw PyError.Type("Can only get item pairs from a mapping."));
        filters.Define("first", 1, ["seq"], a => First(PyValue.Iterate(a[0]), a.Environment, "No first item, sequence was empty."));
        filters.Define("last", 1, ["seq"], a => First(Reversed(a[0]), a.Environment, "No last item, sequence was empty."));
        filters.Define("random", 1, ["seq"], Random);
        filters.Define("reverse", value => value is string text
            ? string.Concat(PyValue.Iterate(text).Reverse())
            : new PyIterator("reversed", Reversed(value)));
        filters.Define("default", 1, ["value", "default_value", "boolean"], a => a[0] is Undefined || (a.Flag(2) && !PyValue.Truthy(a[0])) ? a.Or(1, "") : a[0]);
        filters.Define("join", 1, ["value", "d", "attribute"], Join);
        filters.Define("batch", 2, ["value", "linecount", "fill_with"], a => new PyIterator("generator", Batch(PyValue.Iterate(a[0]), a.Int(1), a.Or(2, null))));
        filters.Define("slice", 2, ["value", "slices", "fill_with"], a => new PyIterator("generator", Slice([.. PyValue.Iterate(a[0])], a.Int(1), a.Or(2, null))));
        filters.Define("sum", 1, ["iterable", "attribute", "start"], Sum);
        filters.Define("attr", 2, ["obj", "name"], a => a[0] is Undefined missing ? missing.Chain(a.Text(1)) : MemberAccess.AttributeOnly(a.Environment, a[0], a.Text(1)));
    }

    private static object? First(IEnumerable<object?> items, JinjaEnvironment environment, string reason)
    {
        foreach (var item in items)
            return item;
        return environment.MissingBecause(reason);
    }

    private static IEnumerable<object?> Reversed(object? value) => value is PySet
        ? throw PyError.Type("'set' object is not reversible")
        : PyValue.Iterate(value).Reverse();

    private static object? Random(Bound a)
    {
        var items = PyValue.AsSequence(a[0]) ?? throw PyError.Type($"'{PyValue.TypeName(a[0])}' object is not subscriptable");
        if (items.Count == 0)
            return a.Environment.MissingBecause("No random item, sequence was empty.");
        var random = a.Environment.Random
            ?? throw PyError.Unsupported("the filter random needs a source of randomness: set JinjaEnvironment.Random to a seeded one");
        return items[random.Next(items.Count)];
    }

    private static string Join(Bound a)
    {
        var get = AttributePath.Getter(a.Environment, a.Or(2, null));
        return string.Join(a.Text(1), PyValue.Iterate(a[0]).Select(item => PyValue.Str(get(item))));
    }

    private static IEnumerable<object?> Batch(IEnumerable<object?> items, int size, object? fill)
    {
        var batch = new PyList();
        foreach (var item in items)
        {
            if (batch.Count == size)
            {
                yield return batch;
                batch = new PyList();
            }

            batch.Add(item);
        }

        if (batch.Count == 0)
            yield break;
        while (fill is not null && batch.Count < size)
            batch.Add(fill);
        yield return batch;
    }

    private static IEnumerable<object?> Slice(List<object?> items, int slices, object? fill)
    {
        if (slices == 0)
            throw new PyError("ZeroDivisionError", "integer division or modulo by zero");
        var (size, longer) = (items.Count / slices, items.Count % slices);
        var offset = 0;
        for (var index = 0; index < slices; index++)
        {
            var count = size + (index < longer ? 1 : 0);
            var slice = new PyList(items.Skip(offset).Take(count));
            offset += count;
            if (fill is not null && index >= longer)
                slice.Add(fill);
            yield return slice;
        }
    }

    private static object? Sum(Bound a)
    {
        var get = AttributePath.Getter(a.Environment, a.Or(1, null));
        if (a.Or(2, 0L) is string)
            throw PyError.Type("sum() can't sum strings [use ''.join(seq) instead]");
        return PyValue.Iterate(a[0]).Aggregate(a.Or(2, 0L), (total, item) => PyValue.Add(total, get(item)));
    }
}
