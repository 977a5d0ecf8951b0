namespace Finks.Jinja;

/// <summary>Text between tags.</summary>
public sealed class TextStatement(string text) : Statement
{
    public string Text { get; } = text;

    internal override Flow Execute(Frame frame)
    {
        frame.Output.Write(Text);
        return Flow.Next;
    }
}

/// <summary><c>{{ value }}</c>, or <c>{% print a, b %}</c>.</summary>
public sealed class OutputStatement(params IReadOnlyList<Expression> values) : Statement
{
    public IReadOnlyList<Expression> Values { get; } = values;

    public override IEnumerable<JinjaNode> Children => Values;

    internal override Flow Execute(Frame frame)
    {
        foreach (var expression in Values)
        {
            var value = expression.Evaluate(frame);
            frame.At(expression);
            frame.Output.Write(value);
        }

        return Flow.Next;
    }
}

/// <summary>A condition and what happens where it holds.</summary>
public sealed record IfBranch(Expression Condition, IReadOnlyList<Statement> Body);

public sealed class IfStatement(IReadOnlyList<IfBranch> branches, IReadOnlyList<Statement> otherwise) : Statement
{
    public IReadOnlyList<IfBranch> Branches { get; } = branches;

    public IReadOnlyList<Statement> Otherwise { get; } = otherwise;

    public override IEnumerable<JinjaNode> Children => Branches.SelectMany(branch => branch.Body.Prepend<JinjaNode>(branch.Condition)).Concat(Otherwise);

    internal override Flow Execute(Frame frame)
    {
        foreach (var branch in Branches)
        {
            if (PyValue.Truthy(branch.Condition.Evaluate(frame)))
                return ExecuteAll(branch.Body, frame);
        }

        return ExecuteAll(Otherwise, frame);
    }
}

public sealed class SetStatement(Expression target, Expression value) : Statement
{
    public Expression Target { get; } = target;

    public Expression Value { get; } = value;

    public override IEnumerable<JinjaNode> Children => [Value, Target];

    internal override Flow Execute(Frame frame)
    {
        var content = Value.Evaluate(frame);
        frame.At(this);
        Assignment.Assign(Target, content, frame);
        return Flow.Next;
    }
}

/// <summary><c>{% set target | filters %} … {% endset %}</c>.</summary>
public sealed class SetBlockStatement(Expression target, IReadOnlyList<FilterExpression> filters, IReadOnlyList<Statement> body) : Statement
{
    public Expression Target { get; } = target;

    public IReadOnlyList<FilterExpression> Filters { get; } = filters;

    public IReadOnlyList<Statement> Body { get; } = body;

    public override IEnumerable<JinjaNode> Children => Body.Concat<JinjaNode>(Filters).Append(Target);

    internal override Flow Execute(Frame frame)
    {
        var flow = ExecuteAll(Body, frame.Capture(out var text));
        object? value = text.ToString();
        foreach (var filter in Filters)
            value = filter.Apply(frame, value);
        frame.At(this);
        Assignment.Assign(Target, value, frame);
        return flow;
    }
}

public sealed class FilterBlockStatement(IReadOnlyList<FilterExpression> filters, IReadOnlyList<Statement> body) : Statement
{
    public IReadOnlyList<FilterExpression> Filters { get; } = filters;

    public IReadOnlyList<Statement> Body { get; } = body;

    public override IEnumerable<JinjaNode> Children => Body.Concat<JinjaNode>(Filters);

    internal override Flow Execute(Frame frame)
    {
        var flow = ExecuteAll(Body, frame.Capture(out var text));
        object? value = text.ToString();
        foreach (var filter in Filters)
            value = filter.Apply(frame, value);
        frame.Output.Write(value);
        return flow;
    }
}

public sealed class WithStatement(IReadOnlyList<(Expression Target, Expression Value)> assignments, IReadOnlyList<Statement> body) : Statement
{
    public IReadOnlyList<(Expression Target, Expression Value)> Assignments { get; } = assignments;

    public IReadOnlyList<Statement> Body { get; } = body;

    public override IEnumerable<JinjaNode> Children => Assignments.Select(assignment => assignment.Value).Concat<JinjaNode>(Body);

    internal override Flow Execute(Frame frame)
    {
        var inner = frame.Child();
        // The values are those of the outer scope: one assignment does not see another.
        foreach (var (target, value) in Assignments.Select(assignment => (assignment.Target, assignment.Value.Evaluate(frame))).ToList())
            Assignment.Assign(target, value, inner);
        return ExecuteAll(Body, inner);
    }
}

public sealed class DoStatement(Expression value) : Statement
{
    public Expression Value { get; } = value;

    public override IEnumerable<JinjaNode> Children => [Value];

    internal override Flow Execute(Frame frame)
    {
        Value.Evaluate(frame);
        return Flow.Next;
    }
}

public sealed class LoopControlStatement(bool isBreak) : Statement
{
    public bool IsBreak { get; } = isBreak;

    internal override Flow Execute(Frame frame) => IsBreak ? Flow.Break : Flow.Continue;
}
