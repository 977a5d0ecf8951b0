using System.Text.Unicode;

namespace Finks.Fmp;

/// <summary>Recognises the bulk files: comma separated, a header line first. See <see cref="ReplyClassifier"/>.</summary>
internal static class Csv
{
    public static bool Is(string? contentType, ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny((byte)'\r', (byte)'\n');
        var header = end < 0 ? text : text[..end];
        return header.Contains((byte)',') && Utf8.IsValid(header) && (LabelledCsv(contentType) || IsHeader(header));
    }

    private static bool LabelledCsv(string? contentType) =>
        contentType is not null && contentType.StartsWith("text/csv", StringComparison.OrdinalIgnoreCase);

    /// <summary>Field names only: an error text has sentences, so spaces outside quotes and punctuation.</summary>
    private static bool IsHeader(ReadOnlySpan<byte> line)
    {
        var quoted = false;
        foreach (var c in line)
        {
            if (c == '"')
                quoted = !quoted;
            else if (!quoted && c != ',' && c != '_' && !char.IsAsciiLetterOrDigit((char)c))
                return false;
        }

        return !quoted;
    }
}
