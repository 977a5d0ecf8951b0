namespace Finks.Jinja;

/// <summary>One render: what its frames share, and the node at work, for error positions.</summary>
internal sealed class Execution(JinjaEnvironment environment, string file, IReadOnlyDictionary<string, object?> context)
{
    public JinjaEnvironment Environment { get; } = environment;

    public string File { get; } = file;

    public required JinjaNode Current { get; set; }

    /// <summary>The macros that a macro called from outside finds beside it.</summary>
    public IReadOnlyDictionary<string, MacroDefinition>? SiblingMacros { get; set; }

    public Frame? SiblingFrame { get; set; }

    public object? Resolve(string name)
    {
        if (context.TryGetValue(name, out var value))
            return PyValue.FromClr(value);
        if (SiblingMacros is not null && SiblingMacros.TryGetValue(name, out var macro))
            return new Macro(macro, SiblingFrame!);
        return Environment.Globals.TryGetValue(name, out value) ? PyValue.FromClr(value) : Environment.Missing(name);
    }

    public JinjaException Located(PyError error) => new(File, Current.Line, Current.Column, error.Reason, error);

    /// <summary>Runs an action and gives its errors the position of the node that was at work.</summary>
    public T Locate<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (PyError error)
        {
            throw Located(error);
        }
    }
}
