using System.Globalization;
using System.Text;

namespace Finks.Lake.Commits;

/// <summary>
/// The grammar of <c>changes_made</c>: entries with commas between and no blanks; <c>word:id</c>, or for what is created
/// <c>word:"schema"."name"</c> with inner quotes doubled.
/// </summary>
internal static class ChangeText
{
    private static readonly Dictionary<string, ChangeKind> Words = Enum.GetValues<ChangeKind>().ToDictionary(Word)
        .Append(new("flushed_inlined", ChangeKind.InlineFlush)).ToDictionary();

    /// <summary>created_table for <see cref="ChangeKind.CreatedTable"/>.</summary>
    public static string Word(ChangeKind kind) =>
        string.Concat(kind.ToString().Select((letter, i) => char.IsUpper(letter) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(letter) : letter.ToString()));

    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <param name="text">Null and empty stand for no change.</param>
    /// <exception cref="FormatException">It does not follow the grammar; the message says where.</exception>
    public static IReadOnlyList<Change> Parse(string? text)
    {
        var changes = new List<Change>();
        var at = 0;
        if (string.IsNullOrEmpty(text))
            return changes;
        changes.Add(Entry(text, ref at));
        while (at < text.Length)
        {
            Expect(text, ref at, ',');
            changes.Add(Entry(text, ref at));
        }

        return changes;
    }

    private static Change Entry(string text, ref int at)
    {
        var colon = text.IndexOf(':', at);
        if (colon < 0 || !Words.TryGetValue(text[at..colon], out var kind))
            throw new FormatException($"'{text[at..]}' begins with no word that DuckLake 1.0 knows");
        at = colon + 1;
        if (kind is >= ChangeKind.CreatedSchema and <= ChangeKind.CreatedTableMacro)
        {
            var schema = Name(text, ref at);
            if (kind == ChangeKind.CreatedSchema)
                return new Change(kind, null, schema);
            Expect(text, ref at, '.');
            return new Change(kind, null, schema, Name(text, ref at));
        }

        var end = text.IndexOf(',', at) is var comma && comma < 0 ? text.Length : comma;
        if (!long.TryParse(text[at..end], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            throw new FormatException($"'{text[at..end]}' is no id");
        at = end;
        return new Change(kind, id);
    }

    private static string Name(string text, ref int at)
    {
        Expect(text, ref at, '"');
        var name = new StringBuilder();
        for (; at < text.Length; at++)
        {
            if (text[at] != '"')
                name.Append(text[at]);
            else if (at + 1 < text.Length && text[at + 1] == '"')
                name.Append(text[at++]);
            else
                break;
        }

        Expect(text, ref at, '"');
        return name.ToString();
    }

    private static void Expect(string text, ref int at, char expected)
    {
        if (at >= text.Length || text[at] != expected)
            throw new FormatException($"{expected} is missing at position {at} of '{text}'");
        at++;
    }
}
