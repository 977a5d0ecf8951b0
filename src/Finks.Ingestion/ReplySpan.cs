using System.Text.Json;

namespace Finks.Ingestion;

/// <summary>How many rows a JSON array of objects holds, and the oldest and newest value of one date field.</summary>
internal readonly record struct ReplySpan(int Rows, DateOnly? Oldest, DateOnly? Newest)
{
    /// <summary>An upper bound on the rows of a reply, at the speed of a memory scan.</summary>
    public static int AtMost(ReadOnlySpan<byte> body) => body.Count((byte)'{');

    /// <summary>Reads the whole body. A value that is no date is passed over: cleansing will say so.</summary>
    /// <param name="newestAllowed">Later dates (announced events) do not count.</param>
    public static ReplySpan Read(ReadOnlySpan<byte> body, string dateField, DateOnly newestAllowed)
    {
        var json = new Utf8JsonReader(body);
        int rows = 0;
        DateOnly? oldest = null, newest = null;
        while (json.Read())
        {
            if (json.TokenType == JsonTokenType.StartObject && json.CurrentDepth == 1)
                rows++;
            if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 2 || !json.ValueTextEquals(dateField))
                continue;
            json.Read();
            if (json.TokenType != JsonTokenType.String || !DateOnly.TryParseExact(json.GetString(), "yyyy-MM-dd", out var date) || date > newestAllowed)
                continue;
            oldest = oldest is null || date < oldest ? date : oldest;
            newest = newest is null || date > newest ? date : newest;
        }

        return new ReplySpan(rows, oldest, newest);
    }
}
