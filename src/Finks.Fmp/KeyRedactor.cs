using System.Text;

namespace Finks.Fmp;

/// <summary>Takes the key out of whatever a server sends back: firewall pages echo the request they refuse.</summary>
internal sealed class KeyRedactor(string key)
{
    public const string Mark = "[key removed]";

    private readonly string[] _spellings = Spellings(key);

    public string Clean(string text)
    {
        foreach (var spelling in _spellings)
            text = text.Replace(spelling, Mark, StringComparison.OrdinalIgnoreCase);
        return text;
    }

    /// <summary>The same array if the key is not in it, which is all but always.</summary>
    public byte[] Clean(byte[] body)
    {
        foreach (var spelling in _spellings)
            body = Replace(body, Encoding.ASCII.GetBytes(spelling));
        return body;
    }

    private static byte[] Replace(byte[] body, byte[] key)
    {
        var at = body.AsSpan().IndexOf(key);
        if (at < 0)
            return body;
        using var clean = new MemoryStream(body.Length);
        var rest = body.AsSpan();
        for (; at >= 0; at = rest.IndexOf(key))
        {
            clean.Write(rest[..at]);
            clean.Write(Encoding.ASCII.GetBytes(Mark));
            rest = rest[(at + key.Length)..];
        }

        clean.Write(rest);
        return clean.ToArray();
    }

    /// <summary>As it is, and as it may stand in an address, in HTML and in a JSON string.</summary>
    private static string[] Spellings(string key) =>
        [.. new[] { key, Uri.EscapeDataString(key), System.Net.WebUtility.HtmlEncode(key), System.Text.Json.JsonEncodedText.Encode(key).ToString() }.Distinct()];
}
