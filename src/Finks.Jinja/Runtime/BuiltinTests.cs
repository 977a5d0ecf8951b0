using System.Numerics;

namespace Finks.Jinja;

/// <summary>Jinja's tests: what can stand after <c>is</c>.</summary>
internal static class BuiltinTests
{
    public static Dictionary<string, JinjaFunction> Create()
    {
        var tests = new Dictionary<string, JinjaFunction>
        {
            ["defined"] = One("defined", value => value is not Undefined),
            ["undefined"] = One("undefined", value => value is Undefined),
            ["none"] = One("none", value => value is null),
            ["boolean"] = One("boolean", value => value is bool),
            ["true"] = One("true", value => value is true),
            ["false"] = One("false", value => value is false),
            ["integer"] = One("integer", value => value is long or BigInteger),
            ["float"] = One("float", value => value is double),
            ["number"] = One("number", PyValue.IsNumber),
            ["string"] = One("string", value => value is string),
            ["mapping"] = One("mapping", value => value is PyDict),
            ["sequence"] = One("sequence", IsSequence),
            ["iterable"] = One("iterable", value => PyValue.IterateOrNull(value) is not null),
            ["callable"] = One("callable", PyValue.IsCallable),
            ["escaped"] = One("escaped", _ => false),
            ["odd"] = One("odd", value => PyValue.Equals(PyValue.Modulo(value, 2L), 1L)),
            ["even"] = One("even", value => PyValue.Equals(PyValue.Modulo(value, 2L), 0L)),
            ["lower"] = One("lower", value => CaseIs(value, char.IsLower, char.IsUpper)),
            ["upper"] = One("upper", value => CaseIs(value, char.IsUpper, char.IsLower)),
            ["divisibleby"] = Signature.Define("divisibleby", 2, ["value", "num"], a => PyValue.Equals(PyValue.Modulo(a[0], a[1]), 0L)),
            ["sameas"] = Signature.Define("sameas", 2, ["value", "other"], a => Same(a[0], a[1])),
            ["filter"] = Signature.Define("filter", 1, ["value"], a => a[0] is string name && a.Environment.Filters.ContainsKey(name)),
            ["test"] = Signature.Define("test", 1, ["value"], a => a[0] is string name && a.Environment.Tests.ContainsKey(name)),
        };
        foreach (var (operation, names) in Comparisons)
        {
            foreach (var name in names)
                tests[name] = Signature.Define(name, 2, ["value", "other"], a => CompareExpression.Holds(operation, a[0], a[1]));
        }

        return tests;
    }

    private static readonly (string Operation, string[] Names)[] Comparisons =
    [
        ("==", ["eq", "equalto", "=="]),
        ("!=", ["ne", "!="]),
        ("<", ["lt", "lessthan", "<"]),
        ("<=", ["le", "<="]),
        (">", ["gt", "greaterthan", ">"]),
        (">=", ["ge", ">="]),
        ("in", ["in"]),
    ];

    private static JinjaFunction One(string name, Func<object?, bool> holds) => Signature.Define(name, 1, ["value"], a => PyValue.Box(holds(a[0])));

    // Jinja asks for a length and for item access: so a dict and a string are sequences too.
    private static bool IsSequence(object? value) => value is string or PyList or PyTuple or PyDict or PyRange or Undefined
        || (value is IJinjaObject { Length: not null } other && other.Iterate() is not null);

    private static bool CaseIs(object? value, Func<char, bool> wanted, Func<char, bool> unwanted)
    {
        var text = PyValue.Str(value);
        return text.Any(wanted) && !text.Any(unwanted);
    }

    // Identity of values that .NET boxes anew: the same type and value is what CPython's caches make true for small ones.
    private static bool Same(object? left, object? right) =>
        ReferenceEquals(left, right) || (left is bool or long or string && left.GetType() == right?.GetType() && left.Equals(right));
}
