using Finks.Lake.Files;

namespace Finks.Lake.Types;

/// <summary>DuckDB's names of all types that a DuckLake catalog can name.</summary>
internal static class ColumnType
{
    /// <summary>Those that Finks reads and does not write.</summary>
    private static readonly Dictionary<string, string> OnlyRead = new()
    {
        ["int128"] = "HUGEINT",
        ["uint128"] = "UHUGEINT",
        ["timetz"] = "TIME WITH TIME ZONE",
        ["timestamp_s"] = "TIMESTAMP_S",
        ["timestamp_ms"] = "TIMESTAMP_MS",
        ["timestamp_ns"] = "TIMESTAMP_NS",
        ["interval"] = "INTERVAL",
        ["json"] = "JSON",
    };

    /// <param name="catalogType">DuckLake's name; one that is not known comes back as it is.</param>
    /// <param name="children">The columns below a list, map or struct.</param>
    public static string DuckDb(string catalogType, IReadOnlyList<LakeColumn> children) => (catalogType, children) switch
    {
        ("list", [var element]) => element.DuckDbType + "[]",
        ("map", [var key, var value]) => $"MAP({key.DuckDbType}, {value.DuckDbType})",
        ("struct", { Count: > 0 }) => $"STRUCT({string.Join(", ", children.Select(c => $"{SqlText.Name(c.Name)} {c.DuckDbType}"))})",
        _ => LakeType.FromCatalog(catalogType)?.DuckDb ?? OnlyRead.GetValueOrDefault(catalogType, catalogType),
    };

    /// <summary>Whether DuckDB's type came from a name that is known here: what comes back as it is has lower-case letters outside of quotes.</summary>
    public static bool IsKnown(string duckDbType)
    {
        var quoted = false;
        foreach (var letter in duckDbType)
        {
            quoted ^= letter == '"';
            if (!quoted && char.IsAsciiLetterLower(letter))
                return false;
        }

        return true;
    }
}
