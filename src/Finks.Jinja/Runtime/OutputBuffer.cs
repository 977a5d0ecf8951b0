using System.Text;

namespace Finks.Jinja;

/// <summary>Where a template prints: to text, or, for native rendering, to a list of values.</summary>
internal sealed class OutputBuffer
{
    private readonly StringBuilder? text;
    private readonly List<object?>? values;

    public OutputBuffer(StringBuilder text) => this.text = text;

    public OutputBuffer(List<object?> values) => this.values = values;

    public void Write(object? value)
    {
        if (text is null)
            values!.Add(value);
        else
            text.Append(PyValue.Str(value));
    }
}
