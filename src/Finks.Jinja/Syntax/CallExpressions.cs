namespace Finks.Jinja;

public sealed record KeywordArgument(string Name, Expression Value);

/// <summary>The arguments of a call as they are written: <c>(a, name=b, *spread, **keywordSpread)</c>.</summary>
public sealed record ArgumentList(
    IReadOnlyList<Expression> Positional,
    IReadOnlyList<KeywordArgument> Keyword,
    Expression? Spread,
    Expression? KeywordSpread)
{
    internal static readonly ArgumentList None = new([], [], null, null);

    /// <summary>All expressions among the arguments, in order.</summary>
    public IEnumerable<Expression> Expressions =>
        Positional.Concat(Keyword.Select(argument => argument.Value)).Concat(new[] { Spread, KeywordSpread }.OfType<Expression>());

    internal CallArguments Evaluate(Frame frame, JinjaNode call, object? subject = null, bool hasSubject = false, object? caller = null)
    {
        var positional = new List<object?>(Positional.Count + 1);
        if (hasSubject)
            positional.Add(subject);
        foreach (var argument in Positional)
            positional.Add(argument.Evaluate(frame));
        var keywords = Keyword.Count == 0 && KeywordSpread is null && caller is null ? null : new Dictionary<string, object?>();
        foreach (var argument in Keyword)
        {
            if (!keywords!.TryAdd(argument.Name, argument.Value.Evaluate(frame)))
                throw PyError.Type($"keyword argument repeated: {argument.Name}");
        }

        if (Spread is not null)
            positional.AddRange(PyValue.Iterate(Spread.Evaluate(frame)));
        if (KeywordSpread is not null)
            AddSpread(keywords!, KeywordSpread.Evaluate(frame));
        if (caller is not null)
            keywords!["caller"] = caller;
        return new CallArguments(frame.Environment, positional, keywords ?? CallArguments.NoKeywords, frame.Execution.File, call.Line);
    }

    private static void AddSpread(Dictionary<string, object?> keywords, object? spread)
    {
        if (spread is not PyDict dict)
            throw PyError.Type($"argument after ** must be a mapping, not {PyValue.TypeName(spread)}");
        foreach (var (key, value) in dict)
        {
            if (key is not string name)
                throw PyError.Type("keywords must be strings");
            if (!keywords.TryAdd(name, value))
                throw PyError.Type($"got multiple values for keyword argument '{name}'");
        }
    }
}

public sealed class CallExpression(Expression callee, ArgumentList arguments) : Expression
{
    public Expression Callee { get; } = callee;

    public ArgumentList Arguments { get; } = arguments;

    public override IEnumerable<JinjaNode> Children => Arguments.Expressions.Prepend(Callee);

    internal override object? Evaluate(Frame frame) => Evaluate(frame, null);

    internal object? Evaluate(Frame frame, Macro? caller)
    {
        var function = Callee.Evaluate(frame);
        frame.At(this);
        var values = Arguments.Evaluate(frame, this, caller: caller);
        frame.At(this);
        StackGuard.Check();
        return PyValue.Call(function, values);
    }
}

/// <summary><c>value|name(arguments)</c>. In a filter block or a filtered set block, <see cref="Value"/> is null: the block is the value.</summary>
public sealed class FilterExpression(Expression? value, string name, ArgumentList arguments) : Expression
{
    public Expression? Value { get; } = value;

    public string Name { get; } = name;

    public ArgumentList Arguments { get; } = arguments;

    public override IEnumerable<JinjaNode> Children => Value is null ? Arguments.Expressions : Arguments.Expressions.Prepend(Value);

    internal override object? Evaluate(Frame frame) => Apply(frame, Value?.Evaluate(frame));

    internal object? Apply(Frame frame, object? subject)
    {
        var values = Arguments.Evaluate(frame, this, subject, hasSubject: true);
        frame.At(this);
        return frame.Environment.Filters.TryGetValue(Name, out var filter)
            ? PyValue.FromClr(filter(values))
            : throw new PyError("TemplateRuntimeError", $"No filter named '{Name}' found.");
    }
}

/// <summary><c>value is name(arguments)</c>.</summary>
public sealed class TestExpression(Expression value, string name, ArgumentList arguments) : Expression
{
    public Expression Value { get; } = value;

    public string Name { get; } = name;

    public ArgumentList Arguments { get; } = arguments;

    public override IEnumerable<JinjaNode> Children => Arguments.Expressions.Prepend(Value);

    internal override object? Evaluate(Frame frame)
    {
        var values = Arguments.Evaluate(frame, this, Value.Evaluate(frame), hasSubject: true);
        frame.At(this);
        return frame.Environment.Tests.TryGetValue(Name, out var test)
            ? PyValue.Box(PyValue.Truthy(test(values)))
            : throw new PyError("TemplateRuntimeError", $"No test named '{Name}' found.");
    }
}
