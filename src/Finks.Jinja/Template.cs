using System.Text;

namespace Finks.Jinja;

/// <summary>A parsed template. Immutable: it may be rendered many times and from several threads.</summary>
public sealed class Template
{
    private readonly JinjaEnvironment environment;
    private readonly Dictionary<string, MacroDefinition> macrosByName = [];

    internal Template(JinjaEnvironment environment, string file, TemplateNode root)
    {
        this.environment = environment;
        File = file;
        Root = root;
        Macros = [.. root.Body.OfType<MacroStatement>().Select(statement => statement.Definition)];
        foreach (var macro in Macros)
            macrosByName[macro.Name] = macro;
    }

    public string File { get; }

    /// <summary>The blocks that define macros, tests and materializations at the top level, in order.</summary>
    public IReadOnlyList<MacroDefinition> Macros { get; }

    /// <summary>The syntax tree; see <see cref="JinjaNode.Descendants"/>.</summary>
    public TemplateNode Root { get; }

    /// <exception cref="JinjaException">The template fails; names the file and line.</exception>
    public string Render(IReadOnlyDictionary<string, object?> context)
    {
        var text = new StringBuilder();
        Run(context, new OutputBuffer(text));
        return text.ToString();
    }

    /// <summary>Renders to a value: a template that produces exactly one value keeps its type, anything else is the joined text.</summary>
    public object? RenderNative(IReadOnlyDictionary<string, object?> context)
    {
        var values = new List<object?>();
        Run(context, new OutputBuffer(values));
        return values.Count == 1 ? values[0] : string.Concat(values.Select(PyValue.Str));
    }

    /// <summary>
    /// Calls a macro of this template from outside. It sees the context, the globals and the other macros of the template, but
    /// nothing that the template sets. A macro of the same name in the context goes before one of the template.
    /// </summary>
    /// <returns>The value of <c>return()</c>, else the text that the macro produced.</returns>
    /// <exception cref="JinjaException">The macro fails, or the arguments do not fit.</exception>
    public object? CallMacro(
        string name,
        IReadOnlyDictionary<string, object?> context,
        IReadOnlyList<object?> args,
        IReadOnlyDictionary<string, object?> kwargs)
    {
        if (!macrosByName.TryGetValue(name, out var definition))
            throw new JinjaException(File, 1, 1, $"there is no macro '{name}' in this file; it defines {string.Join(", ", macrosByName.Keys.Order(StringComparer.Ordinal))}");
        var execution = new Execution(environment, File, context) { Current = definition.Statement };
        var root = new Frame(execution);
        execution.SiblingMacros = macrosByName;
        execution.SiblingFrame = root;
        var macro = new Macro(definition, root);
        return execution.Locate(() => macro.Call(new CallArguments(environment, args, kwargs, File, definition.Line)));
    }

    private void Run(IReadOnlyDictionary<string, object?> context, OutputBuffer output)
    {
        var execution = new Execution(environment, File, context) { Current = Root };
        var frame = new Frame(execution) { Output = output };
        execution.Locate(() => Statement.ExecuteAll(Root.Body, frame));
    }
}
