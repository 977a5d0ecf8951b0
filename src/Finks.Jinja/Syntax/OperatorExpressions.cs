namespace Finks.Jinja;

public sealed class BinaryExpression(Expression left, string operation, Expression right) : Expression
{
    private readonly Func<object?, object?, object?> apply = operation switch
    {
        "+" => PyValue.Add,
        "-" => PyValue.Subtract,
        "*" => PyValue.Multiply,
        "/" => PyValue.Divide,
        "//" => PyValue.FloorDivide,
        "%" => PyValue.Modulo,
        _ => PyValue.Power,
    };

    public Expression Left { get; } = left;

    public string Operator { get; } = operation;

    public Expression Right { get; } = right;

    public override IEnumerable<JinjaNode> Children => [Left, Right];

    internal override object? Evaluate(Frame frame)
    {
        var (first, second) = (Left.Evaluate(frame), Right.Evaluate(frame));
        frame.At(this);
        return apply(first, second);
    }
}

public sealed class SignExpression(string sign, Expression operand) : Expression
{
    public string Sign { get; } = sign;

    public Expression Operand { get; } = operand;

    public override IEnumerable<JinjaNode> Children => [Operand];

    internal override object? Evaluate(Frame frame)
    {
        var value = Operand.Evaluate(frame);
        frame.At(this);
        return Sign == "-" ? PyValue.Negate(value) : PyValue.Positive(value);
    }
}

public sealed class NotExpression(Expression operand) : Expression
{
    public Expression Operand { get; } = operand;

    public override IEnumerable<JinjaNode> Children => [Operand];

    internal override object? Evaluate(Frame frame) => PyValue.Box(!PyValue.Truthy(Operand.Evaluate(frame)));
}

/// <summary><c>and</c>, <c>or</c>: the value of the side that decides, as in Python.</summary>
public sealed class LogicalExpression(Expression left, bool isAnd, Expression right) : Expression
{
    public Expression Left { get; } = left;

    public bool IsAnd { get; } = isAnd;

    public Expression Right { get; } = right;

    public override IEnumerable<JinjaNode> Children => [Left, Right];

    internal override object? Evaluate(Frame frame)
    {
        var first = Left.Evaluate(frame);
        return PyValue.Truthy(first) == IsAnd ? Right.Evaluate(frame) : first;
    }
}

/// <summary><c>a ~ b</c>: joined as text.</summary>
public sealed class ConcatExpression(IReadOnlyList<Expression> parts) : Expression
{
    public IReadOnlyList<Expression> Parts { get; } = parts;

    public override IEnumerable<JinjaNode> Children => Parts;

    internal override object? Evaluate(Frame frame)
    {
        var texts = new string[Parts.Count];
        for (var index = 0; index < texts.Length; index++)
        {
            var value = Parts[index].Evaluate(frame);
            frame.At(this);
            texts[index] = PyValue.Str(value);
        }

        return string.Concat(texts);
    }
}

/// <summary>One step of a chained comparison.</summary>
public sealed record Comparison(string Operator, Expression Right);

/// <summary>A comparison, possibly chained: <c>1 &lt; x &lt; 5</c>.</summary>
public sealed class CompareExpression(Expression first, IReadOnlyList<Comparison> rest) : Expression
{
    public Expression First { get; } = first;

    public IReadOnlyList<Comparison> Rest { get; } = rest;

    public override IEnumerable<JinjaNode> Children => Rest.Select(comparison => comparison.Right).Prepend(First);

    internal override object? Evaluate(Frame frame)
    {
        var left = First.Evaluate(frame);
        foreach (var (operation, rightSide) in Rest)
        {
            var right = rightSide.Evaluate(frame);
            frame.At(this);
            if (!Holds(operation, left, right))
                return PyValue.False;
            left = right;
        }

        return PyValue.True;
    }

    internal static bool Holds(string operation, object? left, object? right) => operation switch
    {
        "==" => PyValue.Equals(left, right),
        "!=" => !PyValue.Equals(left, right),
        "<" => PyValue.Compare(left, right, operation) < 0,
        "<=" => PyValue.Compare(left, right, operation) <= 0,
        ">" => PyValue.Compare(left, right, operation) > 0,
        ">=" => PyValue.Compare(left, right, operation) >= 0,
        "in" => PyValue.Contains(right, left),
        _ => !PyValue.Contains(right, left),
    };
}
