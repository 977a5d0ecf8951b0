namespace Finks.Jinja;

/// <summary>A block that defines a macro.</summary>
public sealed class MacroStatement : Statement
{
    public MacroDefinition Definition { get; internal set; } = null!;

    public override IEnumerable<JinjaNode> Children => Definition.Parameters.Select(parameter => parameter.Default).OfType<Expression>().Concat<JinjaNode>(Definition.Body);

    internal override Flow Execute(Frame frame)
    {
        frame.Set(Definition.Name, new Macro(Definition, frame));
        return Flow.Next;
    }
}

/// <summary><c>{% call(parameters) callee(…) %} … {% endcall %}</c>: the body reaches the callee as <c>caller</c>.</summary>
public sealed class CallBlockStatement : Statement
{
    private readonly MacroDefinition caller;

    internal CallBlockStatement(CallExpression call, IReadOnlyList<MacroParameter> parameters, IReadOnlyList<Statement> body)
    {
        Call = call;
        caller = new MacroDefinition(this, "caller", MacroKind.Macro, "caller", parameters, body);
    }

    public CallExpression Call { get; }

    public IReadOnlyList<MacroParameter> Parameters => caller.Parameters;

    public IReadOnlyList<Statement> Body => caller.Body;

    public override IEnumerable<JinjaNode> Children => Body.Prepend<JinjaNode>(Call);

    internal override Flow Execute(Frame frame)
    {
        // A return() in the body ends the macro that was called, not the body.
        var value = Call.Evaluate(frame, new Macro(caller, frame, catchesReturn: false));
        frame.Output.Write(value);
        return Flow.Next;
    }
}
