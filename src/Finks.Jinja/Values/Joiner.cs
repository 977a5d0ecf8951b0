namespace Finks.Jinja;

/// <summary>Jinja's <c>joiner(separator)</c>: empty at its first call, the separator at every later one.</summary>
internal sealed class Joiner(object? separator) : PyObject
{
    private bool used;

    public override string TypeName => "Joiner";

    internal override bool IsCallable => true;

    internal override object? Call(CallArguments arguments)
    {
        if (used)
            return separator;
        used = true;
        return "";
    }

    internal override void WriteRepr(ReprWriter writer) => writer.Append("<jinja2.utils.Joiner object>");
}
