namespace Finks.Jinja;

/// <summary>Python's sort: stable, also when reversed.</summary>
internal static class PySort
{
    public static List<object?> Order(IEnumerable<object?> items, Func<object?, object?> key, bool reverse)
    {
        var keyed = items.Select(item => (Item: item, Key: key(item))).ToArray();
        var comparer = Comparer<object?>.Create((left, right) => PyValue.Compare(left, right) ?? 0);
        try
        {
            var sorted = reverse ? keyed.OrderByDescending(pair => pair.Key, comparer) : keyed.OrderBy(pair => pair.Key, comparer);
            return [.. sorted.Select(pair => pair.Item)];
        }
        catch (InvalidOperationException error) when (error.InnerException is PyError inner)
        {
            throw inner;
        }
    }
}
