using System.Globalization;
using System.Numerics;
using System.Text;

namespace Finks.Jinja;

/// <summary>JSON as Python's <c>json.dumps</c> writes it: ASCII only, a space behind each comma and colon.</summary>
/// <param name="indent">Spaces per level; null writes one line.</param>
/// <param name="sortKeys">The filter <c>tojson</c> sorts keys; <c>json.dumps</c> by itself does not.</param>
public sealed class JsonText(int? indent = null, bool sortKeys = false)
{
    private readonly StringBuilder json = new();

    /// <exception cref="PyError">The value has no form in JSON.</exception>
    public string Write(object? value)
    {
        json.Clear();
        Append(value, 0);
        return json.ToString();
    }

    private void Append(object? value, int level)
    {
        StackGuard.Check();
        switch (value)
        {
            case null: json.Append("null"); break;
            case bool flag: json.Append(flag ? "true" : "false"); break;
            case long or BigInteger: json.Append(PyValue.Repr(value)); break;
            case double number: json.Append(double.IsNaN(number) ? "NaN" : double.IsInfinity(number) ? (number > 0 ? "Infinity" : "-Infinity") : PyValue.Repr(number)); break;
            case string text: AppendText(text); break;
            case PyDict dict: AppendAll('{', Members(dict, level), '}', level); break;
            case PyList list: AppendAll('[', list.Select<object?, Action>(item => () => Append(item, level + 1)), ']', level); break;
            case PyTuple tuple: AppendAll('[', tuple.Select<object?, Action>(item => () => Append(item, level + 1)), ']', level); break;
            default: throw PyError.Type($"Object of type {PyValue.TypeName(value)} is not JSON serializable");
        }
    }

    private IEnumerable<Action> Members(PyDict dict, int level)
    {
        var keys = sortKeys ? PySort.Order(dict.Keys, key => key, reverse: false) : dict.Keys;
        return keys.Select<object?, Action>(key => () =>
        {
            AppendText(KeyText(key));
            json.Append(": ");
            Append(dict[key], level + 1);
        });
    }

    private static string KeyText(object? key) => key switch
    {
        string text => text,
        null => "null",
        bool flag => flag ? "true" : "false",
        long or double or BigInteger => PyValue.Repr(key),
        _ => throw PyError.Type($"keys must be str, int, float, bool or None, not {PyValue.TypeName(key)}"),
    };

    private void AppendAll(char open, IEnumerable<Action> items, char close, int level)
    {
        json.Append(open);
        var first = true;
        foreach (var append in items)
        {
            if (!first)
                json.Append(indent is null ? ", " : ",");
            first = false;
            NewLine(level + 1);
            append();
        }

        if (!first)
            NewLine(level);
        json.Append(close);
    }

    private void NewLine(int level)
    {
        if (indent is { } width)
            json.Append('\n').Append(' ', width * level);
    }

    private void AppendText(string text)
    {
        json.Append('"');
        foreach (var letter in text)
        {
            _ = letter switch
            {
                '"' => json.Append("\\\""),
                '\\' => json.Append("\\\\"),
                '\n' => json.Append("\\n"),
                '\r' => json.Append("\\r"),
                '\t' => json.Append("\\t"),
                '\b' => json.Append("\\b"),
                '\f' => json.Append("\\f"),
                < ' ' or > '~' => json.Append("\\u").Append(((int)letter).ToString("x4", CultureInfo.InvariantCulture)),
                _ => json.Append(letter),
            };
        }

        json.Append('"');
    }
}
