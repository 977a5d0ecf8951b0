namespace Finks.Jinja;

/// <summary>What <c>namespace()</c> returns: the one value whose attributes a template may set.</summary>
public sealed class Namespace(PyDict attributes) : PyObject
{
    public PyDict Attributes { get; } = attributes;

    public override string TypeName => "Namespace";

    internal override bool TryGetAttribute(JinjaEnvironment environment, string name, out object? value) => Attributes.TryGetValue(name, out value);

    internal override void WriteRepr(ReprWriter writer)
    {
        writer.Append("<Namespace ");
        writer.Value(Attributes);
        writer.Append(">");
    }
}
