namespace Finks.Jinja;

/// <summary>Python's view of strings: code points, and its idea of white space.</summary>
internal static class PyText
{
    public static int Length(string text)
    {
        var length = text.Length;
        for (var index = 0; index < text.Length; index++)
        {
            if (char.IsHighSurrogate(text[index]) && index + 1 < text.Length)
                length--;
        }

        return length;
    }

    public static bool IsSpace(char letter) => char.IsWhiteSpace(letter) || letter is >= '\x1c' and <= '\x1f';

    public static string TrimEnd(string text)
    {
        var end = text.Length;
        while (end > 0 && IsSpace(text[end - 1]))
            end--;
        return text[..end];
    }

    public static string TrimStart(string text)
    {
        var start = 0;
        while (start < text.Length && IsSpace(text[start]))
            start++;
        return text[start..];
    }

    /// <summary>Python's <c>split()</c> without a separator: runs of white space separate, none at the ends.</summary>
    public static List<string> Words(string text, int maximumSplits = -1)
    {
        var words = new List<string>();
        var position = 0;
        while (true)
        {
            while (position < text.Length && IsSpace(text[position]))
                position++;
            if (position == text.Length)
                return words;
            if (words.Count == maximumSplits)
            {
                words.Add(TrimEnd(text[position..]));
                return words;
            }

            var start = position;
            while (position < text.Length && !IsSpace(text[position]))
                position++;
            words.Add(text[start..position]);
        }
    }

    /// <summary>Python's <c>splitlines()</c>.</summary>
    public static List<string> Lines(string text, bool keepEnds = false)
    {
        var lines = new List<string>();
        var start = 0;
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] is not ('\n' or '\r' or '\v' or '\f' or '\x1c' or '\x1d' or '\x1e' or '\x85' or '\u2028' or '\u2029'))
                continue;
            var end = index;
            if (text[index] == '\r' && index + 1 < text.Length && text[index + 1] == '\n')
                index++;
            lines.Add(text[start..(keepEnds ? index + 1 : end)]);
            start = index + 1;
        }

        if (start < text.Length)
            lines.Add(text[start..]);
        return lines;
    }

    public static string Capitalize(string text) =>
        text.Length == 0 ? "" : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();

    /// <summary>Python's <c>title()</c>: a letter after anything but a letter is a capital.</summary>
    public static string Title(string text)
    {
        var afterLetter = false;
        return string.Concat(text.Select(letter =>
        {
            var titled = afterLetter ? char.ToLowerInvariant(letter) : char.ToUpperInvariant(letter);
            afterLetter = char.IsLetter(letter);
            return titled;
        }));
    }
}
