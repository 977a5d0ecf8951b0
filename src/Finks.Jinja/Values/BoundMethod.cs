namespace Finks.Jinja;

/// <summary>A method of a value, read but not yet called.</summary>
internal sealed class BoundMethod(object receiver, string name, JinjaFunction body) : PyObject
{
    public override string TypeName => "builtin_function_or_method";

    internal override bool IsCallable => true;

    internal override object? Call(CallArguments arguments) => body(arguments);

    internal override void WriteRepr(ReprWriter writer) =>
        writer.Append($"<built-in method {name} of {PyValue.TypeName(receiver)} object>");
}
