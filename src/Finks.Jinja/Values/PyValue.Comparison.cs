using System.Numerics;

namespace Finks.Jinja;

/// <content>Equality, order and membership.</content>
public static partial class PyValue
{
    /// <summary>Python's <c>==</c>.</summary>
    public static new bool Equals(object? left, object? right)
    {
        if (ReferenceEquals(left, right))
            return left is not double number || !double.IsNaN(number);
        switch (left, right)
        {
            case (null, _) or (_, null): return false;
            case (string a, string b): return a == b;
            case (long a, long b): return a == b;
            case (PyList a, PyList b): return SameItems(a.Items, b.Items);
            case (PyTuple a, PyTuple b): return SameItems(a.Items, b.Items);
            case (PyDict a, PyDict b): return a.Count == b.Count && a.All(pair => b.TryGetValue(pair.Key, out var other) && Equals(pair.Value, other));
            case (PySet a, PySet b): return a.Count == b.Count && a.All(b.Contains);
            case (Undefined, Undefined): return true;
            case (PyRange a, PyRange b): return a.Iterate().SequenceEqual(b.Iterate());
            case (PyDictView a, PyDictView b) when a.TypeName != "dict_values": return new PySet(a.Iterate()) is var one && new PySet(b.Iterate()) is var two && Equals(one, two);
        }

        if (IsNumber(left) && IsNumber(right))
            return CompareNumbers(left, right) == 0;
        return left.Equals(right);
    }

    /// <summary>Python's order: negative, zero or positive; null where a NaN makes every comparison false.</summary>
    /// <exception cref="PyError">The two have no order.</exception>
    public static int? Compare(object? left, object? right, string operation = "<")
    {
        switch (left, right)
        {
            case (long a, long b): return a.CompareTo(b);
            case (string a, string b): return CompareText(a, b);
            case (PyList a, PyList b): return CompareItems(a.Items, b.Items, operation);
            case (PyTuple a, PyTuple b): return CompareItems(a.Items, b.Items, operation);
            case (DateOnly a, DateOnly b): return a.CompareTo(b);
            case (DateTime a, DateTime b): return a.CompareTo(b);
            case (DateTimeOffset a, DateTimeOffset b): return a.CompareTo(b);
            case (TimeOnly a, TimeOnly b): return a.CompareTo(b);
            case (TimeSpan a, TimeSpan b): return a.CompareTo(b);
            case (Undefined missing, _): throw missing.Error();
            case (_, Undefined missing): throw missing.Error();
        }

        if (left is not null && right is not null && IsNumber(left) && IsNumber(right))
            return CompareNumbers(left, right);
        throw PyError.Type($"'{operation}' not supported between instances of '{TypeName(left)}' and '{TypeName(right)}'");
    }

    /// <summary>Python's <c>item in container</c>.</summary>
    public static bool Contains(object? container, object? item) => container switch
    {
        string text => item is string part
            ? text.Contains(part, StringComparison.Ordinal)
            : throw PyError.Type($"'in <string>' requires string as left operand, not {TypeName(item)}"),
        PyDict dict => dict.ContainsKey(item),
        PySet set => set.Contains(item),
        Undefined => false,
        _ => (IterateOrNull(container) ?? throw PyError.Type($"argument of type '{TypeName(container)}' is not iterable"))
            .Any(element => ReferenceEquals(element, item) || Equals(element, item)),
    };

    /// <summary>Python's <c>hash(value)</c>: equal values have equal hashes across types.</summary>
    /// <exception cref="PyError">The value can change, so it cannot be a key.</exception>
    internal static int Hash(object? value) => value switch
    {
        null => 0,
        bool flag => flag ? 1.GetHashCode() : 0.GetHashCode(),
        long number => number.GetHashCode(),
        double number when Math.Floor(number) == number && Math.Abs(number) < 1e18 => ((long)number).GetHashCode(),
        double number when Math.Floor(number) == number && !double.IsInfinity(number) => new BigInteger(number).GetHashCode(),
        decimal number when decimal.Truncate(number) == number && Math.Abs(number) < 1e18m => ((long)number).GetHashCode(),
        decimal number => ((double)number).GetHashCode(),
        PyTuple tuple => tuple.Items.Aggregate(17, (hash, item) => (hash * 31) + Hash(item)),
        Undefined => 1,
        PyList or PyDict or PySet => throw PyError.Type($"unhashable type: '{TypeName(value)}'"),
        _ => value.GetHashCode(),
    };

    private static bool SameItems(IReadOnlyList<object?> left, IReadOnlyList<object?> right)
    {
        StackGuard.Check();
        if (left.Count != right.Count)
            return false;
        for (var index = 0; index < left.Count; index++)
        {
            if (!Equals(left[index], right[index]))
                return false;
        }

        return true;
    }

    private static int? CompareItems(IReadOnlyList<object?> left, IReadOnlyList<object?> right, string operation)
    {
        for (var index = 0; index < Math.Min(left.Count, right.Count); index++)
        {
            if (!Equals(left[index], right[index]))
                return Compare(left[index], right[index], operation);
        }

        return left.Count.CompareTo(right.Count);
    }

    // Python orders by code point, .NET by UTF-16 unit: they differ only where a surrogate meets U+E000..U+FFFF.
    private static int CompareText(string left, string right)
    {
        for (var index = 0; index < Math.Min(left.Length, right.Length); index++)
        {
            var (a, b) = (left[index], right[index]);
            if (a != b)
                return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b) : char.IsSurrogate(a) ? 1 : -1;
        }

        return left.Length.CompareTo(right.Length);
    }
}
