namespace Finks.Jinja;

public sealed class ForStatement(
    Expression target,
    Expression items,
    Expression? filter,
    bool recursive,
    IReadOnlyList<Statement> body,
    IReadOnlyList<Statement> otherwise) : Statement
{
    public Expression Target { get; } = target;

    public Expression Items { get; } = items;

    public Expression? Filter { get; } = filter;

    public bool IsRecursive { get; } = recursive;

    public IReadOnlyList<Statement> Body { get; } = body;

    public IReadOnlyList<Statement> Otherwise { get; } = otherwise;

    public override IEnumerable<JinjaNode> Children =>
        new[] { Items, Target, Filter }.OfType<Expression>().Concat<JinjaNode>(Body).Concat(Otherwise);

    internal override Flow Execute(Frame frame)
    {
        var source = Items.Evaluate(frame);
        frame.At(this);
        Run(frame, source, depth: 0);
        return Flow.Next;
    }

    /// <summary>One walk over the items; a recursive loop calls it again for the level below.</summary>
    internal void Run(Frame frame, object? source, int depth)
    {
        StackGuard.Check();
        var walked = Select(frame, source);
        // A list may grow or shrink while the loop runs; the walk sees it, as in Python.
        var loop = new Loop(this, frame, walked, depth);
        while (loop.MoveNext())
        {
            var inner = frame.Child();
            inner.Set("loop", loop);
            frame.At(this);
            Assignment.Assign(Target, loop.Current, inner);
            if (ExecuteAll(Body, inner) == Flow.Break)
                break;
        }

        if (loop.IsEmpty)
            ExecuteAll(Otherwise, frame.Child());
    }

    private List<object?> Select(Frame frame, object? source)
    {
        if (Filter is null)
            return source is PyList list ? list.Items : [.. PyValue.Iterate(source)];
        var selected = new List<object?>();
        foreach (var item in PyValue.Iterate(source))
        {
            var inner = frame.Child();
            Assignment.Assign(Target, item, inner);
            if (PyValue.Truthy(Filter.Evaluate(inner)))
                selected.Add(item);
        }

        return selected;
    }
}
