using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Finks.Jinja;

namespace Finks.Dbt.Rendering;

/// <summary>The names a template sees: what dbt provides, then the macros. Macros are bound to the node that calls, as in dbt.</summary>
internal sealed class NodeContext : IReadOnlyDictionary<string, object?>
{
    private readonly Dictionary<string, object?> _names;
    private readonly MacroLibrary _macros;

    public NodeContext(Dictionary<string, object?> names, MacroLibrary macros)
    {
        _names = names;
        _macros = macros;
    }

    public IEnumerable<string> Keys => _names.Keys;
    public IEnumerable<object?> Values => _names.Values;
    public int Count => _names.Count;
    public object? this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException(key);

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out object? value)
    {
        // A project's macro hides a function of the same name; the original stays reachable as builtins.x.
        if (_macros.Find(key) is { } macro)
        {
            value = Bind(macro);
            return true;
        }

        if (_names.TryGetValue(key, out value))
            return true;
        return UnsupportedNames.TryGet(key, out value);
    }

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _names.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public JinjaFunction Bind(ProjectMacro macro) => call => macro.Template.CallMacro(macro.Name, this, call.Positional, call.Keyword);

    /// <summary><c>adapter.dispatch(name)</c>.</summary>
    public JinjaFunction Dispatch(string name) => _macros.Dispatch(name) is { } macro
        ? Bind(macro)
        : throw CompilationError.Because($"adapter.dispatch('{name}') finds neither duckdb__{name} nor default__{name} in the project; define one");
}
