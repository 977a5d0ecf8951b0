using Finks.Jinja;

namespace Finks.Dbt.Rendering;

/// <summary>Builds the names a template sees.</summary>
internal sealed class ContextFactory(ProjectEnvironment environment)
{
    private readonly DbtTarget _target = environment.Options.Target;

    /// <summary>For the rendering of a node, or of a macro on a node's behalf.</summary>
    public NodeContext ForNode(INodeScope scope)
    {
        var names = Common((name, given, otherwise) => scope.Variable(name, given, otherwise));
        var self = scope.This;
        JinjaFunction reference = call => scope.Ref(ReadRef(call));
        JinjaFunction source = call =>
        {
            var arguments = new Arguments("source", call, "source_name", "table_name");
            return scope.Source(new SourceCall(arguments.Text("source_name"), arguments.Text("table_name")));
        };
        var config = new ConfigObject(scope);
        names["ref"] = reference;
        names["source"] = source;
        names["config"] = config;
        names["builtins"] = new JinjaNamespace("builtins", new Dictionary<string, object?> { ["ref"] = reference, ["source"] = source, ["config"] = config });
        names["this"] = self;
        names["database"] = self.Database;
        names["schema"] = self.Schema;
        names["model"] = scope.Model;
        names["execute"] = scope.Execute;
        names["is_incremental"] = (JinjaFunction)(_ => false);
        var context = new NodeContext(names, scope.Execute ? environment.Macros : environment.ParsingMacros);
        names["adapter"] = AdapterFor(context);
        return context;
    }

    /// <summary>For values of the project file (<paramref name="projectFile"/>) and of property files: no node yet.</summary>
    public NodeContext ForYaml(bool projectFile)
    {
        var variables = projectFile ? environment.GivenVariables : environment.Variables;
        var names = Common((name, hasDefault, otherwise) => variables.TryGet(name, out var value) ? value : hasDefault
            ? otherwise
            : throw CompilationError.Because($"the required var '{name}' is not set{(projectFile ? " by the caller; the project file does not see its own vars" : "")}"));
        return new NodeContext(names, new MacroLibrary());
    }

    private Dictionary<string, object?> Common(Func<string, bool, object?, object?> variable) => new(StringComparer.Ordinal)
    {
        ["target"] = environment.Target,
        ["project_name"] = environment.Settings.Name,
        ["var"] = (JinjaFunction)(call =>
        {
            var arguments = new Arguments("var", call, "name", "default");
            var value = variable(arguments.Text("name"), arguments.Has("default"), arguments.Optional("default"));
            return value is string text ? RenderText(text) : value;
        }),
        ["env_var"] = (JinjaFunction)EnvironmentVariable,
        ["return"] = (JinjaFunction)(call => throw new ReturnSignal(call.Positional.Count > 0 ? call.Positional[0] : null)),
        ["print"] = (JinjaFunction)(call => Say(new Arguments("print", call, "msg").Optional("msg"))),
        ["log"] = (JinjaFunction)(call => Say(new Arguments("log", call, "msg", "info").Optional("msg"))),
        ["exceptions"] = new JinjaNamespace("exceptions", new Dictionary<string, object?>
        {
            ["raise_compiler_error"] = (JinjaFunction)(call => throw CompilationError.Because(PyValue.Str(new Arguments("raise_compiler_error", call, "msg", "node").Optional("msg")))),
            ["warn"] = (JinjaFunction)(call => Say("WARN: " + PyValue.Str(new Arguments("warn", call, "msg", "node").Optional("msg")))),
        }),
    };

    private static ReferenceCall ReadRef(CallArguments call)
    {
        if (call.Keyword.Keys.FirstOrDefault(key => key is "v" or "version") is { } version)
            throw CompilationError.Because($"ref(..., {version}=...): versions of models are not supported; give each version a name of its own");
        return call.Positional.Count switch
        {
            1 => new ReferenceCall(new Arguments("ref", call, "model").Text("model"), null),
            _ => new ReferenceCall(new Arguments("ref", call, "package", "model").Text("model"), new Arguments("ref", call, "package", "model").Text("package")),
        };
    }

    private object? EnvironmentVariable(CallArguments call)
    {
        var arguments = new Arguments("env_var", call, "var", "default");
        var name = arguments.Text("var");
        if (environment.Options.EnvironmentVariables.TryGetValue(name, out var value))
            return value;
        return arguments.Optional("default") is { } otherwise
            ? PyValue.Str(otherwise)
            : throw CompilationError.Because($"the environment variable '{name}' is not set; set it, or give env_var() a default");
    }

    /// <summary>dbt prints nothing for a call that only speaks: the functions return the empty text.</summary>
    private object Say(object? text)
    {
        environment.Say(PyValue.Str(text));
        return "";
    }

    private string RenderText(string text) => text.Contains("{{", StringComparison.Ordinal) || text.Contains("{%", StringComparison.Ordinal)
        ? environment.Jinja.Parse(text, "vars").Render(ForYaml(projectFile: false))
        : text;

    private static JinjaNamespace AdapterFor(NodeContext context) => new("adapter", new Dictionary<string, object?>
    {
        ["dispatch"] = (JinjaFunction)(call => context.Dispatch(new Arguments("adapter.dispatch", call, "macro_name", "macro_namespace").Text("macro_name"))),
        ["quote"] = (JinjaFunction)(call => Relation.Quote(new Arguments("adapter.quote", call, "identifier").Text("identifier"))),
        ["type"] = (JinjaFunction)(_ => "duckdb"),
    });
}
