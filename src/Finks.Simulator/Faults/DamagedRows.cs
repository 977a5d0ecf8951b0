using System.Text.Json;

namespace Finks.Simulator;

/// <summary>Damages one row of a JSON list and leaves every other byte as it was. A list that lacks the row or field is returned unchanged.</summary>
internal static class DamagedRows
{
    public static byte[] Duplicate(ReadOnlySpan<byte> list, int row)
    {
        var (start, end) = FindRow(list, row);
        return end == 0 ? list.ToArray() : [.. list[..end], (byte)',', .. list[start..]];
    }

    /// <summary>Takes the field out, with the comma that goes with it.</summary>
    public static byte[] Remove(ReadOnlySpan<byte> list, int row, string field)
    {
        var (name, _, end) = FindField(list, row, field);
        if (end == 0)
            return list.ToArray();
        var next = end + list[end..].IndexOfAnyExcept(" \t\r\n"u8);
        if (list[next] == ',')
            return [.. list[..name], .. list[(next + 1)..]];
        var before = list[..name].LastIndexOfAnyExcept(" \t\r\n"u8);
        return [.. list[..(list[before] == ',' ? before : name)], .. list[end..]];
    }

    public static byte[] Replace(ReadOnlySpan<byte> list, int row, string field, ReadOnlySpan<byte> json)
    {
        var (_, value, end) = FindField(list, row, field);
        return end == 0 ? list.ToArray() : [.. list[..value], .. json, .. list[end..]];
    }

    private static (int Start, int End) FindRow(ReadOnlySpan<byte> list, int row)
    {
        var reader = new Utf8JsonReader(list);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
            return default;
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (row-- == 0)
                return (start, (int)reader.BytesConsumed);
        }

        return default;
    }

    private static (int Name, int Value, int End) FindField(ReadOnlySpan<byte> list, int row, string field)
    {
        var (start, end) = FindRow(list, row);
        var reader = new Utf8JsonReader(list[start..end]);
        if (end == 0 || !reader.Read())
            return default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = start + (int)reader.TokenStartIndex;
            var found = reader.ValueTextEquals(field);
            reader.Read();
            var value = start + (int)reader.TokenStartIndex;
            reader.Skip();
            if (found)
                return (name, value, start + (int)reader.BytesConsumed);
        }

        return default;
    }
}
