using Finks.Jinja;

namespace Finks.Dbt.Rendering;

/// <summary>Reads the arguments of one call of a dbt function.</summary>
internal readonly struct Arguments(string function, CallArguments call, params string[] names)
{
    private readonly Dictionary<string, object?> _values = Read(function, call, names);

    public bool Has(string name) => _values.ContainsKey(name);

    public object? Optional(string name, object? otherwise = null) => _values.TryGetValue(name, out var value) ? value : otherwise;

    public string Text(string name) => _values.TryGetValue(name, out var value)
        ? value as string ?? throw CompilationError.Because($"{function}(): '{name}' must be a text, not {PyValue.Repr(value)}")
        : throw CompilationError.Because($"{function}() needs '{name}'");

    private static Dictionary<string, object?> Read(string function, CallArguments call, string[] names)
    {
        if (call.Positional.Count > names.Length)
            throw CompilationError.Because($"{function}() takes at most {names.Length} arguments ({string.Join(", ", names)}), not {call.Positional.Count}");
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        for (var i = 0; i < call.Positional.Count; i++)
            values[names[i]] = call.Positional[i];
        foreach (var (name, value) in call.Keyword)
        {
            if (!names.Contains(name))
                throw CompilationError.Because($"{function}() has no argument '{name}' here (supported: {string.Join(", ", names)})");
            if (!values.TryAdd(name, value))
                throw CompilationError.Because($"{function}() got '{name}' twice");
        }

        return values;
    }
}
