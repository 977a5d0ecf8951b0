namespace Finks.Jinja;

/// <summary>A macro, or the body of a call block, with the scope it was defined in.</summary>
public sealed class Macro : PyObject
{
    private readonly Frame scope;
    private readonly bool catchesReturn;

    internal Macro(MacroDefinition definition, Frame scope, bool catchesReturn = true)
    {
        Definition = definition;
        this.scope = scope;
        this.catchesReturn = catchesReturn;
    }

    public MacroDefinition Definition { get; }

    public override string TypeName => "Macro";

    internal override bool IsCallable => true;

    internal override bool TryGetAttribute(JinjaEnvironment environment, string name, out object? value)
    {
        value = name switch
        {
            "name" => Definition.Name,
            "arguments" => new PyTuple([.. Definition.Parameters.Select(parameter => parameter.Name)]),
            "catch_varargs" => Definition.UsesVarargs,
            "catch_kwargs" => Definition.UsesKwargs,
            "caller" => Definition.UsesCaller,
            _ => this,
        };
        return !ReferenceEquals(value, this);
    }

    internal override void WriteRepr(ReprWriter writer) => writer.Append($"<Macro '{Definition.Name}'>");

    internal override object? Call(CallArguments arguments)
    {
        StackGuard.Check();
        var frame = scope.Capture(out var text);
        MacroArguments.Bind(Definition, arguments, frame);
        return scope.Execution.Locate<object?>(() =>
        {
            try
            {
                MacroArguments.ApplyDefaults(Definition, frame);
                Statement.ExecuteAll(Definition.Body, frame);
                return text.ToString();
            }
            catch (ReturnSignal signal) when (catchesReturn)
            {
                return PyValue.FromClr(signal.Value);
            }
        });
    }
}
