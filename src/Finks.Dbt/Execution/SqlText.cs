namespace Finks.Dbt.Execution;

/// <summary>The statements that stand in <c>.sql</c> files beside the code.</summary>
internal static class SqlText
{
    public static string Read(string name)
    {
        using var stream = typeof(SqlText).Assembly.GetManifestResourceStream($"Finks.Dbt.Execution.{name}.sql")
            ?? throw new InvalidOperationException($"The resource {name}.sql is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>A text as a SQL literal.</summary>
    public static string Literal(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
}
