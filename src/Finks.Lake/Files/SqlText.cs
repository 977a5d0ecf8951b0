namespace Finks.Lake.Files;

/// <summary>Names and texts as DuckDB's SQL writes them.</summary>
public static class SqlText
{
    /// <summary>A quoted name.</summary>
    public static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A quoted text.</summary>
    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
