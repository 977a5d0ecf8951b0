namespace Finks.Jinja;

/// <summary>Methods of set.</summary>
internal static class SetMethods
{
    private static readonly MethodTable<PySet> Table = new MethodTable<PySet>()
        .Add("add", 1, ["item"], (set, a) => Void(set.Add(a[0])))
        .Add("discard", 1, ["item"], (set, a) => Void(set.Remove(a[0])))
        .Add("remove", 1, ["item"], (set, a) => set.Remove(a[0]) ? null : throw new PyError("KeyError", PyValue.Repr(a[0])))
        .Add("copy", set => new PySet(set))
        .AddFree("union", (set, call) => new PySet(set.Concat(Others(call))))
        .AddFree("update", (set, call) => Void(Others(call).ToList().Select(set.Add).ToList()))
        .AddFree("intersection", (set, call) => new PySet(set.Where(item => call.Positional.All(other => new PySet(PyValue.Iterate(other)).Contains(item)))))
        .AddFree("difference", (set, call) => new PySet(Others(call)) is var taken ? new PySet(set.Where(item => !taken.Contains(item))) : null)
        .Add("symmetric_difference", 1, ["other"], (set, a) => new PySet(PyValue.Iterate(a[0])) is var other ? new PySet(set.Where(item => !other.Contains(item)).Concat(other.Where(item => !set.Contains(item)))) : null)
        .Add("issubset", 1, ["other"], (set, a) => new PySet(PyValue.Iterate(a[0])) is var other && set.All(other.Contains))
        .Add("issuperset", 1, ["other"], (set, a) => PyValue.Iterate(a[0]).All(set.Contains))
        .Add("isdisjoint", 1, ["other"], (set, a) => !PyValue.Iterate(a[0]).Any(set.Contains))
        .Freeze();

    public static bool TryBind(PySet set, string name, out object? method) => Table.TryBind(set, name, out method);

    private static IEnumerable<object?> Others(CallArguments call) => call.Positional.SelectMany(PyValue.Iterate);

    private static object? Void(object? ignored)
    {
        _ = ignored;
        return null;
    }
}
