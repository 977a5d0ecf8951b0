namespace Finks.Jinja;

/// <summary>Jinja's <c>a.b</c> and <c>a[b]</c>: each tries attributes and items, in opposite orders.</summary>
internal static class MemberAccess
{
    public static object? Attribute(JinjaEnvironment environment, object? owner, string name)
    {
        if (owner is Undefined missing)
            return missing.Chain(name);
        if (TryAttribute(environment, owner, name, out var value) || TryItem(owner, name, out value))
            return value;
        return environment.MissingMember(owner, name);
    }

    public static object? Item(JinjaEnvironment environment, object? owner, object? key)
    {
        if (owner is Undefined missing)
            return missing.Chain(key as string);
        if (TryItem(owner, key, out var value))
            return value;
        if (key is string name && TryAttribute(environment, owner, name, out value))
            return value;
        return environment.MissingMember(owner, key);
    }

    /// <summary>The filter <c>attr</c>: attributes, never items.</summary>
    public static object? AttributeOnly(JinjaEnvironment environment, object? owner, string name) =>
        TryAttribute(environment, owner, name, out var value) ? value : environment.MissingMember(owner, name);

    private static bool TryAttribute(JinjaEnvironment environment, object? owner, string name, out object? value)
    {
        value = null;
        if (name.StartsWith('_'))
            return false;
        switch (owner)
        {
            case PyObject other: return other.TryGetAttribute(environment, name, out value);
            case string text: return StringMethods.TryBind(text, name, out value);
            case IJinjaObject other:
                var found = other.TryGetAttribute(name, out value);
                value = PyValue.FromClr(value);
                return found;
            case DateOnly or DateTime or DateTimeOffset or TimeOnly or TimeSpan: return DateMembers.TryGet(owner, name, out value);
            default: return false;
        }
    }

    private static bool TryItem(object? owner, object? key, out object? value)
    {
        value = null;
        switch (owner)
        {
            case PyDict dict: return key is not (PyList or PyDict or PySet) && dict.TryGetValue(key, out value);
            case PyRange range when PyValue.IsInteger(key): return TryIndex([.. range.Iterate()], key, out value);
            case PyList list when PyValue.IsInteger(key): return TryIndex(list.Items, key, out value);
            case PyTuple tuple when PyValue.IsInteger(key): return TryIndex(tuple.Items, key, out value);
            case string text when PyValue.IsInteger(key): return TryIndex(PyValue.AsSequence(text)!, key, out value);
            case IJinjaObject other:
                var found = other.TryGetItem(key, out value);
                value = PyValue.FromClr(value);
                return found;
            default: return false;
        }
    }

    private static bool TryIndex(IReadOnlyList<object?> items, object? key, out object? value)
    {
        var index = PyValue.AsIndex(key);
        if (index < 0)
            index += items.Count;
        value = index >= 0 && index < items.Count ? items[index] : null;
        return index >= 0 && index < items.Count;
    }
}
