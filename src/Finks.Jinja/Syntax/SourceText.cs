namespace Finks.Jinja;

/// <summary>A template's text with line ends of one kind and without its final one, and the way from an offset to a line.</summary>
internal sealed class SourceText
{
    private readonly List<int> lineStarts = [0];

    public SourceText(string text, string file)
    {
        File = file;
        var unified = text.Contains('\r') ? text.Replace("\r\n", "\n").Replace('\r', '\n') : text;
        Text = unified.EndsWith('\n') ? unified[..^1] : unified;
        for (var index = Text.IndexOf('\n'); index >= 0; index = Text.IndexOf('\n', index + 1))
            lineStarts.Add(index + 1);
    }

    public string Text { get; }

    public string File { get; }

    public (int Line, int Column) Position(int offset)
    {
        var found = lineStarts.BinarySearch(offset);
        var line = found >= 0 ? found : ~found - 1;
        return (line + 1, offset - lineStarts[line] + 1);
    }

    public JinjaException Error(int offset, string reason)
    {
        var (line, column) = Position(offset);
        return new JinjaException(File, line, column, reason);
    }
}
