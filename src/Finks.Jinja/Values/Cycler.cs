namespace Finks.Jinja;

/// <summary>Jinja's <c>cycler(...)</c>: gives its items in turn.</summary>
internal sealed class Cycler(IReadOnlyList<object?> items) : PyObject
{
    private int position;

    public override string TypeName => "Cycler";

    internal override bool TryGetAttribute(JinjaEnvironment environment, string name, out object? value)
    {
        value = name switch
        {
            "current" => items[position],
            "pos" => (long)position,
            "items" => new PyTuple([.. items]),
            "next" => new BoundMethod(this, name, _ => Next()),
            "reset" => new BoundMethod(this, name, _ => Reset()),
            _ => this,
        };
        return !ReferenceEquals(value, this);
    }

    internal override void WriteRepr(ReprWriter writer) => writer.Append("<jinja2.utils.Cycler object>");

    private object? Next()
    {
        var current = items[position];
        position = (position + 1) % items.Count;
        return current;
    }

    private object? Reset()
    {
        position = 0;
        return null;
    }
}
