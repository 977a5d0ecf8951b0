namespace Finks.Jinja;

/// <summary>The parameters of a built-in function, filter or method.</summary>
internal sealed class Signature(string function, int required, params string[] names)
{
    /// <summary>A function whose arguments are checked against the names before it runs.</summary>
    public static JinjaFunction Define(string function, int required, string[] names, Func<Bound, object?> body)
    {
        var signature = new Signature(function, required, names);
        return call => body(signature.Bind(call));
    }

    public Bound Bind(CallArguments call)
    {
        if (call.Positional.Count > names.Length)
            throw PyError.Type($"{function}() takes at most {names.Length} arguments ({call.Positional.Count} given)");
        var values = new object?[names.Length];
        var given = new bool[names.Length];
        for (var index = 0; index < call.Positional.Count; index++)
            (values[index], given[index]) = (call.Positional[index], true);
        foreach (var (name, value) in call.Keyword)
        {
            var index = Array.IndexOf(names, name);
            if (index < 0)
                throw PyError.Type($"{function}() got an unexpected keyword argument '{name}'");
            if (given[index])
                throw PyError.Type($"{function}() got multiple values for argument '{name}'");
            (values[index], given[index]) = (value, true);
        }

        for (var index = 0; index < required; index++)
        {
            if (!given[index])
                throw PyError.Type($"{function}() missing required argument '{names[index]}'");
        }

        return new Bound(values, given, call);
    }
}

/// <summary>Arguments in the order of the parameters.</summary>
internal readonly struct Bound(object?[] values, bool[] given, CallArguments call)
{
    public object? this[int index] => values[index];

    public CallArguments Call { get; } = call;

    public JinjaEnvironment Environment => Call.Environment;

    public bool Has(int index) => given[index];

    public object? Or(int index, object? otherwise) => given[index] ? values[index] : otherwise;

    public string Text(int index, string otherwise = "") => given[index] ? PyValue.Str(values[index]) : otherwise;

    public int Int(int index, int otherwise = 0) => given[index] ? PyValue.AsIndex(values[index]) : otherwise;

    public bool Flag(int index, bool otherwise = false) => given[index] ? PyValue.Truthy(values[index]) : otherwise;
}
