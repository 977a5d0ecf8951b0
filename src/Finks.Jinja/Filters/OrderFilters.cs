namespace Finks.Jinja;

/// <summary>Filters that order, group or compare items. They ignore case unless told otherwise.</summary>
internal static class OrderFilters
{
    public static void AddTo(Dictionary<string, JinjaFunction> filters)
    {
        filters.Define("sort", 1, ["value", "reverse", "case_sensitive", "attribute"], Sort);
        filters.Define("unique", 1, ["value", "case_sensitive", "attribute"], a => new PyIterator("generator", Unique(a)));
        filters.Define("min", 1, ["value", "case_sensitive", "attribute"], a => Extreme(a, -1));
        filters.Define("max", 1, ["value", "case_sensitive", "attribute"], a => Extreme(a, 1));
        filters.Define("groupby", 2, ["value", "attribute", "default", "case_sensitive"], GroupBy);
        filters.Define("dictsort", 1, ["value", "case_sensitive", "by", "reverse"], DictSort);
    }

    private static Func<object?, object?> Key(Bound a, object? attribute, bool caseSensitive)
    {
        var get = AttributePath.Getter(a.Environment, attribute);
        return caseSensitive ? get : item => AttributePath.IgnoreCase(get(item));
    }

    private static PyList Sort(Bound a)
    {
        // Several attributes with commas sort by the first, then the second.
        object?[] paths = a.Or(3, null) is string text ? text.Split(',') : [a.Or(3, null)];
        var keys = paths.Select(path => Key(a, path, a.Flag(2))).ToList();
        return new PyList(PySort.Order(PyValue.Iterate(a[0]), item => new PyList(keys.Select(key => key(item))), a.Flag(1)));
    }

    private static IEnumerable<object?> Unique(Bound a)
    {
        var key = Key(a, a.Or(2, null), a.Flag(1));
        var seen = new PySet();
        return PyValue.Iterate(a[0]).Where(item => seen.Add(key(item)));
    }

    private static object? Extreme(Bound a, int direction)
    {
        var key = Key(a, a.Or(2, null), a.Flag(1));
        object? best = a.Environment.MissingBecause("No aggregated item, sequence was empty.");
        var first = true;
        foreach (var item in PyValue.Iterate(a[0]))
        {
            if (first || PyValue.Compare(key(item), key(best), direction > 0 ? ">" : "<") * direction > 0)
                best = item;
            first = false;
        }

        return best;
    }

    private static PyList GroupBy(Bound a)
    {
        var get = AttributePath.Getter(a.Environment, a[1], a.Or(2, null), a.Or(2, null) is not null);
        Func<object?, object?> key = a.Flag(3) ? get : item => AttributePath.IgnoreCase(get(item));
        var groups = new PyList();
        foreach (var item in PySort.Order(PyValue.Iterate(a[0]), key, reverse: false))
        {
            if (groups.Count == 0 || !PyValue.Equals(key(((PyList)((PyTuple)groups[^1]!)[1]!)[0]), key(item)))
                groups.Add(new PyTuple(get(item), new PyList()) { Fields = ["grouper", "list"] });
            ((PyList)((PyTuple)groups[^1]!)[1]!).Add(item);
        }

        return groups;
    }

    private static PyList DictSort(Bound a)
    {
        if (a[0] is not PyDict dict)
            throw a[0] is Undefined missing ? missing.Error() : PyError.Type($"'{PyValue.TypeName(a[0])}' object has no attribute 'items'");
        var position = a.Text(2, "key") switch
        {
            "key" => 0,
            "value" => 1,
            _ => throw new PyError("FilterArgumentError", "You can only sort by either \"key\" or \"value\""),
        };
        var caseSensitive = a.Flag(1);
        return new PyList(PySort.Order(
            dict.Select(pair => (object?)new PyTuple(pair.Key, pair.Value)),
            pair => caseSensitive ? ((PyTuple)pair!)[position] : AttributePath.IgnoreCase(((PyTuple)pair!)[position]),
            a.Flag(3)));
    }
}
