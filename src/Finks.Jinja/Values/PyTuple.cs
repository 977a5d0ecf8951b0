using System.Collections;

namespace Finks.Jinja;

/// <summary>Python's tuple; with <see cref="Fields"/>, a named tuple.</summary>
public sealed class PyTuple(params object?[] items) : PyObject, IReadOnlyList<object?>
{
    public IReadOnlyList<object?> Items => items;

    public int Count => items.Length;

    /// <summary>Names of the items, which can then be read as attributes.</summary>
    public IReadOnlyList<string>? Fields { get; init; }

    public override string TypeName => "tuple";

    internal override bool IsTrue => items.Length > 0;

    internal override int? Length => items.Length;

    public object? this[int index] => items[index];

    public IEnumerator<object?> GetEnumerator() => Items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal override IEnumerable<object?> Iterate() => items;

    internal override bool TryGetAttribute(JinjaEnvironment environment, string name, out object? value)
    {
        for (var index = 0; index < (Fields?.Count ?? 0); index++)
        {
            if (Fields![index] == name)
            {
                value = items[index];
                return true;
            }
        }

        return SequenceMethods.TryBind(this, name, out value);
    }

    internal override void WriteRepr(ReprWriter writer) => writer.Items(this, "(", items, items.Length == 1 ? ",)" : ")");
}
