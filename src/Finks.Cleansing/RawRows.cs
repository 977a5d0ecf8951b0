using System.Text;
using System.Text.Json;

namespace Finks.Cleansing;

/// <summary>The exact text of some rows of a reply.</summary>
public static class RawRows
{
    /// <summary>The rows at the given places from 0, by place.</summary>
    public static IReadOnlyDictionary<int, string> Read(ReadOnlySpan<byte> body, IReadOnlySet<int> wanted)
    {
        var rows = new Dictionary<int, string>();
        var json = new Utf8JsonReader(body);
        json.Read();
        for (var row = 0; json.Read() && json.TokenType != JsonTokenType.EndArray; row++)
        {
            var start = (int)json.TokenStartIndex;
            json.Skip();
            if (wanted.Contains(row))
                rows[row] = Encoding.UTF8.GetString(body[start..(int)json.BytesConsumed]);
        }

        return rows;
    }
}
