using System.Collections;
using System.Numerics;

namespace Finks.Jinja;

/// <summary>
/// Python's operations on values. None is null; bool, long, BigInteger (only beyond long), double, decimal (Python's Decimal),
/// string, DateOnly, DateTime, DateTimeOffset, TimeOnly and TimeSpan stand for themselves; everything else is a
/// <see cref="PyObject"/>, a <see cref="JinjaFunction"/> or an <see cref="IJinjaObject"/>.
/// </summary>
public static partial class PyValue
{
    internal static readonly object True = true;
    internal static readonly object False = false;

    internal static object Box(bool value) => value ? True : False;

    public static bool Truthy(object? value) => value switch
    {
        null => false,
        bool flag => flag,
        string text => text.Length > 0,
        long number => number != 0,
        double number => number != 0,
        PyObject other => other.IsTrue,
        decimal number => number != 0,
        IJinjaObject other => other.IsTrue,
        TimeSpan span => span != TimeSpan.Zero,
        _ => true,
    };

    /// <summary>Python's name of the value's type.</summary>
    public static string TypeName(object? value) => value switch
    {
        null => "NoneType",
        bool => "bool",
        long or BigInteger => "int",
        double => "float",
        decimal => "decimal.Decimal",
        string => "str",
        DateOnly => "datetime.date",
        DateTime or DateTimeOffset => "datetime.datetime",
        TimeOnly => "datetime.time",
        TimeSpan => "datetime.timedelta",
        PyObject other => other.TypeName,
        IJinjaObject other => other.TypeName,
        JinjaFunction => "function",
        _ => value.GetType().Name,
    };

    public static bool IsCallable(object? value) =>
        value is JinjaFunction or PyObject { IsCallable: true } or IJinjaObject { IsCallable: true };

    public static object? Call(object? callee, CallArguments arguments) => callee switch
    {
        JinjaFunction function => FromClr(function(arguments)),
        PyObject other => other.Call(arguments),
        IJinjaObject other => FromClr(other.Call(arguments)),
        _ => throw PyError.Type($"'{TypeName(callee)}' object is not callable"),
    };

    /// <summary>
    /// The interpreter's form of a .NET value: integers become long, other dictionaries a <see cref="PyDict"/>, other collections a
    /// <see cref="PyList"/> (copied, deeply). Values that already have their form are returned as they are.
    /// </summary>
    public static object? FromClr(object? value) => value switch
    {
        null or string or bool or long or double or decimal or PyObject or IJinjaObject or JinjaFunction => value,
        int number => (long)number,
        short number => (long)number,
        byte number => (long)number,
        uint number => (long)number,
        ulong number => Normalise(number),
        float number => (double)number,
        BigInteger number => Normalise(number),
        char letter => letter.ToString(),
        IReadOnlyDictionary<string, object?> pairs => new PyDict(pairs.Select(pair => KeyValuePair.Create(pair.Key, FromClr(pair.Value)))),
        IDictionary pairs => FromDictionary(pairs),
        IEnumerable items => new PyList(items.Cast<object?>().Select(FromClr)),
        _ => value,
    };

    internal static object Normalise(BigInteger value) =>
        value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;

    private static PyDict FromDictionary(IDictionary pairs)
    {
        var dict = new PyDict();
        foreach (DictionaryEntry pair in pairs)
            dict[FromClr(pair.Key)] = FromClr(pair.Value);
        return dict;
    }
}
