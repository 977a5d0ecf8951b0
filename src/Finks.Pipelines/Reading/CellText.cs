using System.Collections;
using System.Data.Common;
using System.Globalization;

namespace Finks.Pipelines.Reading;

/// <summary>A cell's value as text that loses nothing: ISO 8601 dates, UTC times with Z, round-trip numbers.</summary>
public static class CellText
{
    /// <summary>The text, or null for null.</summary>
    public static string? Of(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : Of(reader.GetValue(column));

    private static string Of(object value) => value switch
    {
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        decimal number => number.ToString("0.############################", CultureInfo.InvariantCulture),
        string text => text,
        IEnumerable list => "[" + string.Join(", ", list.Cast<object?>().Select(v => v is null ? "null" : Of(v))) + "]",
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
