using System.Globalization;

namespace Finks.Simulator;

/// <summary>A request as FMP reads it: the path, and parameters of which unknown ones count for nothing. The key is not among them.</summary>
public sealed record ApiRequest(string Path, IReadOnlyList<KeyValuePair<string, string>> Query)
{
    /// <summary>The value of the first parameter with this name; null if it is missing or empty.</summary>
    public string? Value(string name)
    {
        foreach (var (key, value) in Query)
        {
            if (key == name)
                return value.Length > 0 ? value : null;
        }

        return null;
    }

    public string? Symbol => Value("symbol");

    /// <summary>Path and sorted parameters: equal for equal requests.</summary>
    public string Canonical => Query.Count == 0
        ? Path
        : $"{Path}?{string.Join('&', Query.OrderBy(p => p.Key, StringComparer.Ordinal).ThenBy(p => p.Value, StringComparer.Ordinal).Select(p => $"{p.Key}={p.Value}"))}";

    /// <summary>False if the parameter is there and is no yyyy-MM-dd date.</summary>
    internal bool TryDate(string name, out DateOnly? date)
    {
        date = null;
        if (Value(name) is not { } text)
            return true;
        var good = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed);
        date = good ? parsed : null;
        return good;
    }

    /// <summary>The limit, or the default where it is missing or no positive number; never above the ceiling.</summary>
    internal int Limit(int unless, int ceiling) =>
        int.TryParse(Value("limit"), NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0 ? Math.Min(limit, ceiling) : unless;
}
