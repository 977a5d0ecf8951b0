using System.Text;

namespace Finks.Fmp;

/// <summary>A GET request to FMP: a path and named values. It never carries the key.</summary>
public sealed record FmpRequest
{
    /// <param name="path">The path from the root, such as <c>/stable/profile</c>; without query or fragment.</param>
    /// <param name="query">Names and values, unescaped, in the order they should be sent.</param>
    /// <exception cref="ArgumentException">The path is not a plain absolute path, or a name is empty or <c>apikey</c>.</exception>
    public FmpRequest(string path, params IEnumerable<KeyValuePair<string, string>> query)
    {
        if (!path.StartsWith('/') || path.StartsWith("//", StringComparison.Ordinal) || path.AsSpan().IndexOfAny("?#\\ ") >= 0)
            throw new ArgumentException($"'{path}' is not a path: it must start with one '/' and hold no query, fragment or space.", nameof(path));
        Path = path;
        Query = [.. query];
        foreach (var (name, _) in Query)
        {
            if (string.IsNullOrWhiteSpace(name))
                throw new ArgumentException($"A query parameter of {path} has no name.", nameof(query));
            if (name.Trim().Equals("apikey", StringComparison.OrdinalIgnoreCase))
                throw new ArgumentException($"The key does not belong in the query of {path}: set FmpOptions.ApiKey, it travels in a header.", nameof(query));
        }

        CanonicalQuery = Escape(Query.OrderBy(p => p.Key, StringComparer.Ordinal).ThenBy(p => p.Value, StringComparer.Ordinal));
    }

    public string Path { get; }

    /// <summary>Names and values in the order given.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; }

    /// <summary>The query sorted by name and value and percent-escaped, without '?': equal for equal requests, so it can be a key. Empty if there is none.</summary>
    public string CanonicalQuery { get; }

    /// <summary>Path and query as they go on the wire, in the order given.</summary>
    public string PathAndQuery => Query.Count == 0 ? Path : $"{Path}?{Escape(Query)}";

    /// <summary>A request with one value more.</summary>
    public FmpRequest With(string name, string value) => new(Path, [.. Query, new(name, value)]);

    public bool Equals(FmpRequest? other) => other is not null && Path == other.Path && CanonicalQuery == other.CanonicalQuery;

    public override int GetHashCode() => HashCode.Combine(Path, CanonicalQuery);

    public override string ToString() => CanonicalQuery.Length == 0 ? Path : $"{Path}?{CanonicalQuery}";

    private static string Escape(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in pairs)
        {
            if (text.Length > 0)
                text.Append('&');
            text.Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
        }

        return text.ToString();
    }
}
