namespace Finks.Jinja;

/// <content>Length, iteration, items and slices.</content>
public static partial class PyValue
{
    /// <summary>The items of a loop over the value.</summary>
    /// <exception cref="PyError">The value cannot be looped over.</exception>
    public static IEnumerable<object?> Iterate(object? value) =>
        IterateOrNull(value) ?? throw PyError.Type($"'{TypeName(value)}' object is not iterable");

    internal static IEnumerable<object?>? IterateOrNull(object? value) => value switch
    {
        string text => Characters(text),
        PyObject other => other.Iterate(),
        IJinjaObject other => other.Iterate()?.Select(FromClr),
        _ => null,
    };

    internal static int LengthOf(object? value) => LengthOrNull(value) ?? throw PyError.Type($"object of type '{TypeName(value)}' has no len()");

    internal static int? LengthOrNull(object? value) => value switch
    {
        string text => PyText.Length(text),
        PyObject other => other.Length,
        IJinjaObject other => other.Length,
        _ => null,
    };

    /// <summary>An index of an ordered sequence, or null where the value has no positions.</summary>
    internal static IReadOnlyList<object?>? AsSequence(object? value) => value switch
    {
        PyList list => list.Items,
        PyTuple tuple => tuple.Items,
        PyRange range => [.. range.Iterate()],
        string text => [.. Characters(text)],
        _ => null,
    };

    internal static object? Slice(object? value, object? start, object? stop, object? step)
    {
        if (value is Undefined missing)
            return missing.Chain(null);
        var items = AsSequence(value) ?? throw PyError.Type($"'{TypeName(value)}' object is not subscriptable");
        var picked = SliceIndexes(items.Count, start, stop, step).Select(index => items[index]);
        return value switch
        {
            string => string.Concat(picked),
            PyTuple => new PyTuple([.. picked]),
            _ => new PyList(picked),
        };
    }

    private static IEnumerable<object?> Characters(string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (char.IsHighSurrogate(text[index]) && index + 1 < text.Length)
                yield return text.Substring(index++, 2);
            else
                yield return text[index].ToString();
        }
    }

    private static IEnumerable<int> SliceIndexes(int count, object? start, object? stop, object? step)
    {
        var stride = step is null ? 1L : AsIndex(step);
        if (stride == 0)
            throw PyError.Value("slice step cannot be zero");
        var (lowest, highest) = stride > 0 ? (0L, (long)count) : (-1L, count - 1L);
        var from = start is null ? (stride > 0 ? lowest : highest) : Clamp(AsIndex(start));
        var to = stop is null ? (stride > 0 ? highest : lowest) : Clamp(AsIndex(stop));
        for (var index = from; stride > 0 ? index < to : index > to; index += stride)
            yield return (int)index;

        long Clamp(long index) => Math.Clamp(index < 0 ? index + count : index, lowest, highest);
    }
}
