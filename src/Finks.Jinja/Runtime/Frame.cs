using System.Text;

namespace Finks.Jinja;

/// <summary>A scope of variables and the place it prints to.</summary>
internal sealed class Frame
{
    private readonly Frame? parent;
    private Dictionary<string, object?>? variables;

    public Frame(Execution execution)
    {
        Execution = execution;
        Output = new OutputBuffer(new StringBuilder());
    }

    private Frame(Frame parent, OutputBuffer output)
    {
        this.parent = parent;
        Execution = parent.Execution;
        Output = output;
    }

    public Execution Execution { get; }

    public OutputBuffer Output { get; init; }

    public JinjaEnvironment Environment => Execution.Environment;

    public Frame Child() => new(this, Output);

    /// <summary>A scope that prints into a text of its own.</summary>
    public Frame Capture(out StringBuilder text) => new(this, new OutputBuffer(text = new StringBuilder()));

    public void Set(string name, object? value) => (variables ??= [])[name] = value;

    public object? Resolve(string name)
    {
        for (var frame = this; frame is not null; frame = frame.parent)
        {
            if (frame.variables is not null && frame.variables.TryGetValue(name, out var value))
                return value;
        }

        return Execution.Resolve(name);
    }

    /// <summary>Notes the node that is about to do something that may fail.</summary>
    public void At(JinjaNode node) => Execution.Current = node;
}
