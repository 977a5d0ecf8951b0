using System.Globalization;
using System.Text;

namespace Finks.Jinja;

/// <summary>Python's <c>'{0} {name.attribute[key]!r:>5}'.format(...)</c>.</summary>
internal static class StringFormat
{
    public static string Apply(string format, CallArguments call)
    {
        var automatic = 0;
        return Expand(format, call, ref automatic, 2);
    }

    private static string Expand(string format, CallArguments call, ref int automatic, int depth)
    {
        if (depth < 0)
            throw PyError.Value("Max string recursion exceeded");
        var result = new StringBuilder();
        for (var index = 0; index < format.Length; index++)
        {
            var letter = format[index];
            var doubled = index + 1 < format.Length && format[index + 1] == letter;
            if (letter is not ('{' or '}'))
                result.Append(letter);
            else if (doubled)
            {
                result.Append(letter);
                index++;
            }
            else if (letter == '}')
                throw PyError.Value("Single '}' encountered in format string");
            else
            {
                var end = EndOfField(format, index + 1);
                result.Append(Field(format[(index + 1)..end], call, ref automatic, depth));
                index = end;
            }
        }

        return result.ToString();
    }

    private static int EndOfField(string format, int start)
    {
        var open = 1;
        for (var index = start; index < format.Length; index++)
        {
            open += format[index] == '{' ? 1 : format[index] == '}' ? -1 : 0;
            if (open == 0)
                return index;
        }

        throw PyError.Value(start == format.Length ? "Single '{' encountered in format string" : "expected '}' before end of string");
    }

    private static string Field(string field, CallArguments call, ref int automatic, int depth)
    {
        var colon = field.IndexOf(':');
        var specification = colon < 0 ? "" : field[(colon + 1)..];
        var path = colon < 0 ? field : field[..colon];
        var conversion = '\0';
        if (path.IndexOf('!') is var bang and >= 0)
        {
            conversion = bang + 2 == path.Length ? path[bang + 1] : throw PyError.Value("expected ':' after conversion specifier");
            path = path[..bang];
        }

        var value = Lookup(path, call, ref automatic);
        object? converted = conversion switch
        {
            '\0' => value,
            's' => PyValue.Str(value),
            'r' or 'a' => PyValue.Repr(value),
            _ => throw PyError.Value($"Unknown conversion specifier {conversion}"),
        };
        return FormatSpecification.Apply(converted, Expand(specification, call, ref automatic, depth - 1));
    }

    private static object? Lookup(string path, CallArguments call, ref int automatic)
    {
        var end = path.AsSpan().IndexOfAny('.', '[');
        var first = end < 0 ? path : path[..end];
        if (first.Length == 0)
            first = (automatic++).ToString(CultureInfo.InvariantCulture);
        object? value;
        if (int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var position))
            value = position < call.Positional.Count ? call.Positional[position] : throw new PyError("IndexError", $"Replacement index {position} out of range for positional args tuple");
        else
            value = call.Keyword.TryGetValue(first, out var named) ? named : throw new PyError("KeyError", PyValue.Repr(first));
        for (var index = end; index >= 0 && index < path.Length;)
        {
            var isItem = path[index] == '[';
            var stop = isItem ? path.IndexOf(']', index) : path.AsSpan(index + 1).IndexOfAny('.', '[') is var next and >= 0 ? index + 1 + next : path.Length;
            if (stop < 0)
                throw PyError.Value("Missing ']' in format string");
            var name = path[(index + 1)..stop];
            object? key = isItem && long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : name;
            value = isItem ? MemberAccess.Item(call.Environment, value, key) : MemberAccess.Attribute(call.Environment, value, name);
            if (value is Undefined missing)
                throw missing.Error();
            index = isItem ? stop + 1 : stop;
        }

        return value;
    }
}
