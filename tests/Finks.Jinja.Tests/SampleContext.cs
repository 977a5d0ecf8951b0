using System.Numerics;

namespace Finks.Jinja.Tests;

/// <summary>The same variables as context() in make_corpus.py.</summary>
internal static class SampleContext
{
    public static Dictionary<string, object?> Create() => new()
    {
        ["name"] = "Ada",
        ["nothing"] = null,
        ["numbers"] = new PyList([3L, 1L, 2L]),
        ["words"] = new PyList(["pear", "Apple", "fig", "apple"]),
        ["people"] = new PyList([Person("Bo", 30, "x"), Person("al", 25), Person("Cy", 30, "y", "z")]),
        ["d"] = new PyDict
        {
            { "b", 1L },
            { "a", 2L },
            { "items", "shadowed" },
            { "n", new PyDict { { "k", new PyList([1L, new PyDict { { "z", 9L } }]) } } },
        },
        ["day"] = new DateOnly(2020, 1, 2),
        ["moment"] = new DateTime(2020, 1, 2, 3, 4, 5),
        ["price"] = 12.50m,
        ["big"] = BigInteger.Pow(2, 70),
        ["tree"] = new PyList([Branch(1, Branch(2)), Branch(3)]),
    };

    private static PyDict Person(string name, long age, params string[] tags) =>
        new() { { "name", name }, { "age", age }, { "tags", new PyList(tags) } };

    private static PyDict Branch(long value, params PyDict[] kids) => new() { { "v", value }, { "kids", new PyList(kids) } };
}
