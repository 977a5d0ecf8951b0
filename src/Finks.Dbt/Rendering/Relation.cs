using Finks.Jinja;

namespace Finks.Dbt;

/// <summary>A table or view by its full name. Prints as dbt prints it: <c>"database"."schema"."identifier"</c>.</summary>
public sealed record Relation(string Database, string Schema, string Identifier) : IJinjaObject
{
    private bool ShowDatabase { get; init; } = true;
    private bool ShowSchema { get; init; } = true;
    private bool ShowIdentifier { get; init; } = true;

    public override string ToString() => string.Join('.', Parts());

    public string ToJinjaString() => ToString();

    public bool TryGetAttribute(string name, out object? value)
    {
        value = name switch
        {
            "database" => Database,
            "schema" => Schema,
            "identifier" or "name" or "table" => Identifier,
            "include" => (JinjaFunction)Include,
            "render" => (JinjaFunction)(_ => ToString()),
            "without_identifier" => (JinjaFunction)(_ => this with { ShowIdentifier = false }),
            _ => null,
        };
        return value is not null;
    }

    internal static string Quote(string name) => '"' + name.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';

    internal Relation Include(bool identifier) => this with { ShowIdentifier = identifier };

    private Relation Include(CallArguments call) => this with
    {
        ShowDatabase = Shows(call, "database", ShowDatabase),
        ShowSchema = Shows(call, "schema", ShowSchema),
        ShowIdentifier = Shows(call, "identifier", ShowIdentifier),
    };

    private static bool Shows(CallArguments call, string part, bool current) => call.Keyword.TryGetValue(part, out var value) ? value is true : current;

    private IEnumerable<string> Parts()
    {
        if (ShowDatabase)
            yield return Quote(Database);
        if (ShowSchema)
            yield return Quote(Schema);
        if (ShowIdentifier)
            yield return Quote(Identifier);
    }
}
