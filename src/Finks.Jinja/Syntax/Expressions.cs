namespace Finks.Jinja;

/// <summary>A constant.</summary>
public sealed class LiteralExpression(object? value) : Expression
{
    public object? Value { get; } = value;

    internal override object? Evaluate(Frame frame) => Value;
}

/// <summary>A variable, read or assigned to.</summary>
public sealed class NameExpression(string name) : Expression
{
    public string Name { get; } = name;

    internal override object? Evaluate(Frame frame) => frame.Resolve(Name);
}

/// <summary><c>ns.name</c> on the left of a <c>set</c>.</summary>
public sealed class NamespaceTarget(string name, string attribute) : Expression
{
    public string Name { get; } = name;

    public string Attribute { get; } = attribute;

    internal override object? Evaluate(Frame frame) => throw PyError.Type("a target of an assignment has no value");
}

public sealed class ListExpression(IReadOnlyList<Expression> items) : Expression
{
    public IReadOnlyList<Expression> Items { get; } = items;

    public override IEnumerable<JinjaNode> Children => Items;

    internal override object? Evaluate(Frame frame)
    {
        var list = new PyList();
        foreach (var item in Items)
            list.Add(item.Evaluate(frame));
        return list;
    }
}

public sealed class TupleExpression(IReadOnlyList<Expression> items) : Expression
{
    public IReadOnlyList<Expression> Items { get; } = items;

    public override IEnumerable<JinjaNode> Children => Items;

    internal override object? Evaluate(Frame frame)
    {
        var values = new object?[Items.Count];
        for (var index = 0; index < values.Length; index++)
            values[index] = Items[index].Evaluate(frame);
        return new PyTuple(values);
    }
}

public sealed class DictExpression(IReadOnlyList<(Expression Key, Expression Value)> pairs) : Expression
{
    public IReadOnlyList<(Expression Key, Expression Value)> Pairs { get; } = pairs;

    public override IEnumerable<JinjaNode> Children => Pairs.SelectMany(pair => new[] { pair.Key, pair.Value });

    internal override object? Evaluate(Frame frame)
    {
        var dict = new PyDict();
        foreach (var (key, value) in Pairs)
        {
            var name = key.Evaluate(frame);
            var content = value.Evaluate(frame);
            frame.At(this);
            dict[name] = content;
        }

        return dict;
    }
}

/// <summary><c>a if condition else b</c>; without else it is undefined where the condition is false.</summary>
public sealed class ConditionalExpression(Expression condition, Expression then, Expression? otherwise) : Expression
{
    public Expression Condition { get; } = condition;

    public Expression Then { get; } = then;

    public Expression? Otherwise { get; } = otherwise;

    public override IEnumerable<JinjaNode> Children => Otherwise is null ? [Then, Condition] : [Then, Condition, Otherwise];

    internal override object? Evaluate(Frame frame)
    {
        if (PyValue.Truthy(Condition.Evaluate(frame)))
            return Then.Evaluate(frame);
        return Otherwise is null
            ? frame.Environment.MissingBecause($"the inline if-expression on line {Line} evaluated to false and no else section was defined.")
            : Otherwise.Evaluate(frame);
    }
}

public sealed class AttributeExpression(Expression target, string name) : Expression
{
    public Expression Target { get; } = target;

    public string Name { get; } = name;

    public override IEnumerable<JinjaNode> Children => [Target];

    internal override object? Evaluate(Frame frame)
    {
        var owner = Target.Evaluate(frame);
        frame.At(this);
        return MemberAccess.Attribute(frame.Environment, owner, Name);
    }
}

public sealed class ItemExpression(Expression target, Expression key) : Expression
{
    public Expression Target { get; } = target;

    public Expression Key { get; } = key;

    public override IEnumerable<JinjaNode> Children => [Target, Key];

    internal override object? Evaluate(Frame frame)
    {
        var owner = Target.Evaluate(frame);
        if (Key is SliceExpression slice)
        {
            var (start, stop, step) = (slice.Start?.Evaluate(frame), slice.Stop?.Evaluate(frame), slice.Step?.Evaluate(frame));
            frame.At(this);
            return PyValue.Slice(owner, start, stop, step);
        }

        var name = Key.Evaluate(frame);
        frame.At(this);
        return MemberAccess.Item(frame.Environment, owner, name);
    }
}

/// <summary>
/// <c>start:stop:step</c> between brackets. Slicing what has no slices is always an error; Jinja's compiler makes it undefined where the
/// value happens to be a constant.
/// </summary>
public sealed class SliceExpression(Expression? start, Expression? stop, Expression? step) : Expression
{
    public Expression? Start { get; } = start;

    public Expression? Stop { get; } = stop;

    public Expression? Step { get; } = step;

    public override IEnumerable<JinjaNode> Children => new[] { Start, Stop, Step }.OfType<Expression>();

    internal override object? Evaluate(Frame frame) => throw PyError.Type("a slice can only stand directly between brackets");
}
