namespace Finks.Cleansing.Values;

/// <summary>The spellings that FMP uses for "no value", beside JSON's own null.</summary>
internal static class Nulls
{
    private static readonly byte[][] Spellings = [[], [.. "N/A"u8], [.. "NULL"u8], [.. "null"u8], [.. "None"u8]];

    /// <summary>Whether a JSON string's text stands for no value.</summary>
    public static bool IsNull(ReadOnlySpan<byte> text)
    {
        if (text.Length > 4)
            return false;
        foreach (var spelling in Spellings)
        {
            if (text.SequenceEqual(spelling))
                return true;
        }

        return false;
    }
}
