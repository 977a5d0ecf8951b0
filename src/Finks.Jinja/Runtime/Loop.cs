namespace Finks.Jinja;

/// <summary>The variable <c>loop</c>.</summary>
internal sealed class Loop(ForStatement statement, Frame frame, List<object?> items, int depth) : PyObject
{
    private readonly int length = items.Count;
    private int position = -1;
    private object? changedValue;
    private bool changedBefore;

    public object? Current { get; private set; }

    public bool IsEmpty => position < 0;

    public override string TypeName => "LoopContext";

    internal override bool IsCallable => statement.IsRecursive;

    internal override int? Length => length;

    public bool MoveNext()
    {
        if (position + 1 >= items.Count)
            return false;
        previous = position < 0 ? null : Current;
        Current = items[++position];
        return true;
    }

    private object? previous;

    internal override object? Call(CallArguments arguments)
    {
        if (!statement.IsRecursive)
            throw PyError.Type("The loop must have the 'recursive' marker to be called recursively.");
        var inner = frame.Capture(out var text);
        statement.Run(inner, arguments.Required(0, "iterable"), depth + 1);
        return text.ToString();
    }

    internal override bool TryGetAttribute(JinjaEnvironment environment, string name, out object? value)
    {
        value = name switch
        {
            "index" => position + 1L,
            "index0" => (long)position,
            "revindex" => (long)length - position,
            "revindex0" => length - position - 1L,
            "first" => position == 0,
            "last" => position + 1 >= items.Count,
            "length" => (long)length,
            "depth" => depth + 1L,
            "depth0" => (long)depth,
            "previtem" => position == 0 ? environment.MissingBecause("there is no previous item") : previous,
            "nextitem" => position + 1 < items.Count ? items[position + 1] : environment.MissingBecause("there is no next item"),
            "cycle" => new BoundMethod(this, name, Cycle),
            "changed" => new BoundMethod(this, name, Changed),
            _ => this,
        };
        return !ReferenceEquals(value, this);
    }

    internal override void WriteRepr(ReprWriter writer) => writer.Append($"<LoopContext {position + 1}/{length}>");

    private object? Cycle(CallArguments arguments) => arguments.Positional.Count == 0
        ? throw PyError.Type("no items for cycling given")
        : arguments.Positional[position % arguments.Positional.Count];

    private object? Changed(CallArguments arguments)
    {
        var value = new PyTuple([.. arguments.Positional]);
        if (changedBefore && PyValue.Equals(changedValue, value))
            return PyValue.False;
        (changedBefore, changedValue) = (true, value);
        return PyValue.True;
    }
}
