using System.Collections.Frozen;

namespace Finks.Jinja;

/// <summary>The methods of a Python type, by name.</summary>
internal sealed class MethodTable<T>
    where T : notnull
{
    private readonly Dictionary<string, Func<T, CallArguments, object?>> building = [];
    private FrozenDictionary<string, Func<T, CallArguments, object?>>? methods;

    /// <summary>A method with named parameters.</summary>
    public MethodTable<T> Add(string name, int required, string[] parameters, Func<T, Bound, object?> body)
    {
        var signature = new Signature(name, required, parameters);
        building.Add(name, (self, call) => body(self, signature.Bind(call)));
        return this;
    }

    public MethodTable<T> Add(string name, Func<T, object?> body) => Add(name, 0, [], (self, _) => body(self));

    /// <summary>A method that takes any arguments.</summary>
    public MethodTable<T> AddFree(string name, Func<T, CallArguments, object?> body)
    {
        building.Add(name, body);
        return this;
    }

    public MethodTable<T> Freeze()
    {
        methods = building.ToFrozenDictionary();
        return this;
    }

    public bool TryBind(T self, string name, out object? method)
    {
        method = null;
        if (!methods!.TryGetValue(name, out var body))
            return false;
        method = new BoundMethod(self, name, call => body(self, call));
        return true;
    }
}
