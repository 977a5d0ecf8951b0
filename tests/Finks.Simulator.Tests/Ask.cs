using System.Text.Json;

namespace Finks.Simulator.Tests;

/// <summary>Asks a source without a server between, and reads the rows.</summary>
internal static class Ask
{
    public static ApiRequest Request(string pathAndQuery)
    {
        var parts = pathAndQuery.Split('?', 2);
        var query = parts.Length == 1
            ? []
            : parts[1].Split('&').Select(p => p.Split('=', 2)).Select(p => KeyValuePair.Create(p[0], p[1])).ToList();
        return new ApiRequest(parts[0], query);
    }

    public static byte[] Bytes(IMarketSource source, string pathAndQuery)
    {
        using var reply = source.Answer(Request(pathAndQuery));
        Assert.NotNull(reply);
        Assert.Equal(200, reply.Status);
        return reply.Body.ToArray();
    }

    public static List<JsonElement> Rows(IMarketSource source, string pathAndQuery) => Parse(Bytes(source, pathAndQuery));

    public static List<JsonElement> Parse(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        return [.. document.RootElement.Clone().EnumerateArray()];
    }

    public static string Date(this JsonElement row) => row.GetProperty("date").GetString()!;

    public static decimal Number(this JsonElement row, string field) => row.GetProperty(field).GetDecimal();
}
