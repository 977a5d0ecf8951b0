namespace Finks.Jinja;

/// <summary>Which block defined a macro.</summary>
public enum MacroKind
{
    Macro,
    Test,
    Materialization,
}

/// <summary>A parameter of a macro: its default, if it has one, and its type annotation as it is written (it has no effect).</summary>
public sealed record MacroParameter(string Name, Expression? Default, string? Annotation);

/// <summary>A macro as it is written.</summary>
public sealed class MacroDefinition
{
    internal MacroDefinition(JinjaNode statement, string name, MacroKind kind, string blockName, IReadOnlyList<MacroParameter> parameters, IReadOnlyList<Statement> body)
    {
        Statement = statement;
        Name = name;
        Kind = kind;
        BlockName = blockName;
        Parameters = parameters;
        Body = body;
        foreach (var used in body.SelectMany(node => node.DescendantsAndSelf()).OfType<NameExpression>())
        {
            UsesVarargs |= used.Name == "varargs";
            UsesKwargs |= used.Name == "kwargs";
            UsesCaller |= used.Name == "caller";
        }
    }

    /// <summary>The name to call it by: <c>test_x</c> for a test x, <c>materialization_x_adapter</c> for a materialization x.</summary>
    public string Name { get; }

    public MacroKind Kind { get; }

    /// <summary>The name as it stands in the block.</summary>
    public string BlockName { get; }

    /// <summary>The adapter of a materialization; <c>default</c> where the block names none; null for other kinds.</summary>
    public string? Adapter { get; internal init; }

    /// <summary>The keyword settings of a materialization other than its adapter, such as <c>supported_languages</c>.</summary>
    public IReadOnlyDictionary<string, object?> Settings { get; internal init; } = CallArguments.NoKeywords;

    public IReadOnlyList<MacroParameter> Parameters { get; }

    public IReadOnlyList<Statement> Body { get; }

    public int Line => Statement.Line;

    public bool UsesVarargs { get; }

    public bool UsesKwargs { get; }

    public bool UsesCaller { get; }

    /// <summary>The text of the whole block, from the <c>{%</c> that opens it to the <c>%}</c> that closes it.</summary>
    public string Source { get; internal set; } = "";

    internal JinjaNode Statement { get; }
}
