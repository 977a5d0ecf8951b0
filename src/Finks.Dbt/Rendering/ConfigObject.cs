using Finks.Jinja;

namespace Finks.Dbt.Rendering;

/// <summary>The object <c>config</c>: called, it states configs; its <c>get</c> and <c>require</c> read them. All print nothing.</summary>
internal sealed class ConfigObject(INodeScope scope) : IJinjaObject
{
    public bool IsCallable => true;

    public bool TryGetAttribute(string name, out object? value)
    {
        value = name switch
        {
            "get" => (JinjaFunction)(call => Read("config.get", call, required: false)),
            "require" => (JinjaFunction)(call => Read("config.require", call, required: true)),
            "set" => throw CompilationError.Because("'config.set' is not supported; state the config in config(...)"),
            "persist_relation_docs" or "persist_column_docs" => (JinjaFunction)(_ => false),
            _ => throw CompilationError.Because($"'config.{name}' is not supported (supported: config.get, config.require)"),
        };
        return true;
    }

    public string ToJinjaString() => "";

    /// <summary><c>config(a=1)</c> or <c>config({'a': 1})</c>.</summary>
    public object? Call(CallArguments call)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        switch (call.Positional)
        {
            case []:
                break;
            case [PyDict given] when call.Keyword.Count == 0:
                foreach (var (key, value) in given)
                    values[PyValue.Str(key)] = value;
                break;
            default:
                throw CompilationError.Because("config() takes names with values, config(a=1), or one mapping, config({'a': 1})");
        }

        foreach (var (key, value) in call.Keyword)
            values[key] = value;
        scope.Configure(values);
        return "";
    }

    private object? Read(string function, CallArguments call, bool required)
    {
        var arguments = new Arguments(function, call, "name", "default");
        return scope.ConfigValue(arguments.Text("name"), arguments.Optional("default"), required);
    }
}
