namespace Finks.Jinja;

/// <summary>A part of a template's syntax tree.</summary>
public abstract class JinjaNode
{
    /// <summary>Counted from 1.</summary>
    public int Line { get; internal init; }

    /// <summary>Counted from 1.</summary>
    public int Column { get; internal init; }

    /// <summary>The parts directly below this one, in the order of the text.</summary>
    public virtual IEnumerable<JinjaNode> Children => [];

    /// <summary>All parts below this one, depth first.</summary>
    public IEnumerable<JinjaNode> Descendants() => Children.SelectMany(child => child.DescendantsAndSelf());

    public IEnumerable<JinjaNode> DescendantsAndSelf()
    {
        StackGuard.Check();
        return Children.SelectMany(child => child.DescendantsAndSelf()).Prepend(this);
    }
}

/// <summary>The whole template.</summary>
public sealed class TemplateNode(IReadOnlyList<Statement> body) : JinjaNode
{
    public IReadOnlyList<Statement> Body { get; } = body;

    public override IEnumerable<JinjaNode> Children => Body;
}

/// <summary>A part that has a value.</summary>
public abstract class Expression : JinjaNode
{
    internal abstract object? Evaluate(Frame frame);
}

/// <summary>A part that does or prints something.</summary>
public abstract class Statement : JinjaNode
{
    internal abstract Flow Execute(Frame frame);

    internal static Flow ExecuteAll(IReadOnlyList<Statement> body, Frame frame)
    {
        for (var index = 0; index < body.Count; index++)
        {
            var flow = body[index].Execute(frame);
            if (flow != Flow.Next)
                return flow;
        }

        return Flow.Next;
    }
}

/// <summary>Where execution goes after a statement.</summary>
internal enum Flow
{
    Next,
    Break,
    Continue,
}
