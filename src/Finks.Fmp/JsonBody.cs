using System.Text.Json;
using System.Text.Unicode;

namespace Finks.Fmp;

/// <summary>Questions to a JSON body. See <see cref="ReplyClassifier"/>.</summary>
internal static class JsonBody
{
    /// <summary>FMP's deepest document has 7 levels; more than this is not FMP.</summary>
    private const int Deepest = 64;

    /// <summary>Reads the whole body; null if it is one complete JSON value in valid UTF-8.</summary>
    public static string? FindFault(ReadOnlySpan<byte> text)
    {
        if (!Utf8.IsValid(text))
            return "The body starts like JSON but is not valid UTF-8.";
        var reader = Reader(text);
        try
        {
            while (reader.Read())
            {
            }

            return null;
        }
        catch (JsonException fault)
        {
            return $"The body is not valid JSON at line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}: it has {text.Length} bytes.";
        }
    }

    public static bool IsEmptyList(ReadOnlySpan<byte> text)
    {
        var reader = Reader(text);
        return reader.Read() && reader.TokenType == JsonTokenType.StartArray && reader.Read() && reader.TokenType == JsonTokenType.EndArray;
    }

    /// <summary>The error text of an error object, alone or as the only element of a list; null for data.</summary>
    public static string? ErrorText(ReadOnlySpan<byte> validText)
    {
        var reader = Reader(validText);
        reader.Read();
        var listed = reader.TokenType == JsonTokenType.StartArray;
        if (listed)
            reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            return null;

        string? error = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var named = reader.ValueTextEquals("Error Message"u8) || reader.ValueTextEquals("error"u8);
            reader.Read();
            if (named && error is null)
                error = reader.TokenType == JsonTokenType.String ? reader.GetString() : "The reply is an error object without a text.";
            reader.Skip();
        }

        return listed && reader.Read() && reader.TokenType != JsonTokenType.EndArray ? null : error;
    }

    private static Utf8JsonReader Reader(ReadOnlySpan<byte> text) => new(text, new JsonReaderOptions { MaxDepth = Deepest });
}
