using System.Text.RegularExpressions;

namespace Finks.Jinja;

/// <summary>The filter <c>wordwrap</c> (Python's textwrap without touching white space).</summary>
internal static partial class WrapFilters
{
    // A chunk is a run of spaces, or a word that may break behind a hyphen between letters.
    [GeneratedRegex(@"\s+|(?:[^\s-]|-(?![A-Za-z_]))+(?:(?<=[A-Za-z_])-(?=[A-Za-z_]))?|-")]
    private static partial Regex Chunk { get; }

    public static void AddTo(Dictionary<string, JinjaFunction> filters) => filters.Define(
        "wordwrap",
        1,
        ["s", "width", "break_long_words", "wrapstring", "break_on_hyphens"],
        a =>
        {
            var end = a.Or(3, null) is null ? "\n" : a.Text(3);
            return string.Join(end, PyText.Lines(a.Text(0)).Select(line => string.Join(end, Wrap(line, a.Int(1, 79), a.Flag(2, true), a.Flag(4, true)))));
        });

    private static List<string> Wrap(string line, int width, bool breakLong, bool onHyphens)
    {
        var chunks = new LinkedList<string>((onHyphens ? Chunk.Matches(line).Select(match => match.Value) : Regex.Matches(line, @"\s+|\S+").Select(match => match.Value)).Where(chunk => chunk.Length > 0));
        var lines = new List<string>();
        while (chunks.Count > 0)
        {
            if (lines.Count > 0 && string.IsNullOrWhiteSpace(chunks.First!.Value))
                chunks.RemoveFirst();
            var current = "";
            while (chunks.First is { } next && current.Length + next.Value.Length <= width)
            {
                current += next.Value;
                chunks.RemoveFirst();
            }

            if (chunks.First is { } tooLong && tooLong.Value.Length > width)
                current += TakeLong(chunks, Math.Max(1, width - current.Length), breakLong, current.Length == 0);
            if (current.Length > 0 && PyText.TrimEnd(current).Length < current.Length && chunks.Count >= 0)
                current = PyText.TrimEnd(current) is { Length: > 0 } trimmed ? trimmed : "";
            if (current.Length > 0)
                lines.Add(current);
        }

        return lines;
    }

    private static string TakeLong(LinkedList<string> chunks, int room, bool breakLong, bool atStart)
    {
        var word = chunks.First!.Value;
        if (!breakLong && !atStart)
            return "";
        chunks.RemoveFirst();
        if (!breakLong)
            return word;
        chunks.AddFirst(word[room..]);
        return word[..room];
    }
}
