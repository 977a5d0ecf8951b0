namespace Finks.Jinja;

/// <summary>The functions every template has: range, dict, namespace, cycler, joiner.</summary>
internal static class BuiltinGlobals
{
    public static Dictionary<string, object?> Create() => new()
    {
        ["range"] = (JinjaFunction)Range,
        ["dict"] = (JinjaFunction)Dict,
        ["namespace"] = (JinjaFunction)(call => new Namespace(Dict(call))),
        ["cycler"] = (JinjaFunction)(call => call.Positional.Count > 0 ? new Cycler(call.Positional) : throw new PyError("RuntimeError", "at least one item has to be provided")),
        ["joiner"] = Signature.Define("joiner", 0, ["sep"], a => new Joiner(a.Or(0, ", "))),
    };

    private static PyDict Dict(CallArguments call)
    {
        var dict = new PyDict();
        DictMethods.Update(dict, call);
        return dict;
    }

    private static PyRange Range(CallArguments call)
    {
        var numbers = call.Positional.Select(Bound).ToList();
        return numbers.Count switch
        {
            1 => new PyRange(0, numbers[0], 1),
            2 => new PyRange(numbers[0], numbers[1], 1),
            3 => new PyRange(numbers[0], numbers[1], numbers[2]),
            _ => throw PyError.Type($"range expected 1 to 3 arguments, got {numbers.Count}"),
        };
    }

    private static long Bound(object? value) => value switch
    {
        long number => number,
        Undefined missing => throw missing.Error(),
        _ => PyValue.AsBigInteger(value) is var big && big >= long.MinValue && big <= long.MaxValue
            ? (long)big
            : throw new PyError("OverflowError", "Python int too large to convert to C ssize_t"),
    };
}
