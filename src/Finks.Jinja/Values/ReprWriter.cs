using System.Text;

namespace Finks.Jinja;

/// <summary>Writes nested values; a container inside itself prints as <c>[...]</c>, as in Python.</summary>
internal sealed class ReprWriter
{
    private readonly StringBuilder text = new();
    private readonly HashSet<object> open = new(ReferenceEqualityComparer.Instance);

    public void Append(string part) => text.Append(part);

    public void Value(object? value) => PyValue.WriteRepr(value, this);

    public void Items(object container, string left, IEnumerable<object?> items, string right)
    {
        if (!Open(container, left + "..." + right))
            return;
        text.Append(left);
        var first = true;
        foreach (var item in items)
        {
            if (!first)
                text.Append(", ");
            first = false;
            Value(item);
        }

        text.Append(right);
        open.Remove(container);
    }

    public void Pairs(object container, IEnumerable<KeyValuePair<object?, object?>> pairs)
    {
        if (!Open(container, "{...}"))
            return;
        text.Append('{');
        var first = true;
        foreach (var (key, value) in pairs)
        {
            if (!first)
                text.Append(", ");
            first = false;
            Value(key);
            text.Append(": ");
            Value(value);
        }

        text.Append('}');
        open.Remove(container);
    }

    public override string ToString() => text.ToString();

    private bool Open(object container, string whenInside)
    {
        StackGuard.Check();
        if (open.Add(container))
            return true;
        text.Append(whenInside);
        return false;
    }
}
