using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Finks.Jinja;

namespace Finks.Dbt.Loading;

/// <summary>Names and ids of generic tests, letter for letter dbt's: tools and selections refer to them.</summary>
internal static partial class GenericTestName
{
    /// <summary>
    /// The short name, used as alias and file name, and the full name, used in the id (<c>core/parser/generic_test_builders.py</c>,
    /// <c>synthesize_generic_test_names</c>). They differ when the full name has 64 characters or more.
    /// </summary>
    public static (string Short, string Full) Synthesize(string test, string target, IReadOnlyDictionary<string, object?> arguments)
    {
        var parts = arguments
            .Where(argument => argument.Key != "model")
            .OrderBy(argument => argument.Key, StringComparer.Ordinal)
            .SelectMany(argument => Flatten(argument.Value))
            .Select(part => NotWord().Replace(PyValue.Str(part), "_"));
        var identifier = $"{test}_{target}";
        var full = $"{identifier}_{string.Join("__", parts)}";
        return full.Length < 64 ? (full, full) : ($"{(identifier.Length > 30 ? identifier[..30] : identifier)}_{Md5(full)}", full);
    }

    /// <summary>
    /// <c>test.package.name.hash</c>: the hash is the last ten digits of the MD5 of the name and Python's <c>repr</c> of the test's metadata, keys
    /// sorted and every leaf a text (<c>core/parser/schema_generic_tests.py</c>, <c>create_test_node</c>).
    /// </summary>
    public static string UniqueId(string package, string name, GenericTest test)
    {
        var arguments = new PyDict();
        foreach (var (key, value) in test.Arguments)
            arguments[key] = value;
        var metadata = new PyDict { ["kwargs"] = arguments, ["name"] = test.Name, ["namespace"] = test.Namespace };
        return $"test.{package}.{name}.{Md5(name + PyValue.Repr(Hashable(metadata)))[^10..]}";
    }

    private static IEnumerable<object?> Flatten(object? value) => value switch
    {
        PyDict dict => dict.Select(entry => entry.Value),
        PyList list => list,
        _ => [value],
    };

    private static object Hashable(object? value)
    {
        switch (value)
        {
            case PyDict dict:
                var sorted = new PyDict();
                foreach (var (key, item) in dict.OrderBy(entry => PyValue.Str(entry.Key), StringComparer.Ordinal))
                    sorted[key] = Hashable(item);
                return sorted;
            case PyList list:
                return new PyList(list.Select(Hashable));
            default:
                return PyValue.Str(value);
        }
    }

    // MD5 is dbt's choice of a name, not a protection.
    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));

    [GeneratedRegex("[^0-9a-zA-Z_]+")]
    private static partial Regex NotWord();
}
