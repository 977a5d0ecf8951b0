namespace Finks.Jinja;

/// <summary>A generator: it can be walked once, and a second walk finds nothing.</summary>
public sealed class PyIterator(string typeName, IEnumerable<object?> source) : PyObject
{
    private readonly IEnumerator<object?> rest = source.GetEnumerator();

    public override string TypeName => typeName;

    internal override IEnumerable<object?> Iterate()
    {
        while (rest.MoveNext())
            yield return rest.Current;
    }

    internal override void WriteRepr(ReprWriter writer) => writer.Append($"<{typeName} object>");
}
