namespace Finks.Contracts.Reading;

/// <summary>
/// The keys that the standard knows at each level, taken from its JSON Schema for v3.1.0
/// (<see href="https://github.com/bitol-io/open-data-contract-standard/tree/main/schema"/>). Those that Finks does not use are accepted.
/// </summary>
internal static class OdcsKeys
{
    public const string ApiVersion = "v3.1.0";

    public static readonly IReadOnlyList<string> Contract =
    [
        "version", "kind", "apiVersion", "id", "name", "tenant", "tags", "status", "servers", "dataProduct", "description", "domain", "schema",
        "support", "price", "team", "roles", "slaDefaultElement", "slaProperties", "authoritativeDefinitions", "customProperties", "contractCreatedTs",
    ];

    private static readonly IReadOnlyList<string> Element =
        ["id", "name", "physicalType", "description", "businessName", "authoritativeDefinitions", "tags", "customProperties"];

    public static readonly IReadOnlyList<string> SchemaObject =
        [.. Element, "logicalType", "physicalName", "dataGranularityDescription", "properties", "relationships", "quality"];

    public static readonly IReadOnlyList<string> Property =
    [
        .. Element, "primaryKey", "primaryKeyPosition", "logicalType", "logicalTypeOptions", "physicalName", "required", "unique", "partitioned",
        "partitionKeyPosition", "classification", "encryptedName", "transformSourceObjects", "transformLogic", "transformDescription", "examples",
        "criticalDataElement", "relationships", "quality", "properties", "items",
    ];

    public static readonly IReadOnlyList<string> CustomProperty = ["id", "property", "value", "description"];

    public static readonly IReadOnlyList<string> Quality =
    [
        "id", "authoritativeDefinitions", "businessImpact", "customProperties", "description", "dimension", "method", "name", "schedule", "scheduler",
        "severity", "tags", "type", "unit", "metric", "rule", "arguments", "query", "engine", "implementation", "mustBe", "mustNotBe",
        "mustBeGreaterThan", "mustBeGreaterOrEqualTo", "mustBeLessThan", "mustBeLessOrEqualTo", "mustBeBetween", "mustNotBeBetween",
    ];

    public static readonly IReadOnlyList<string> ServiceLevel =
        ["id", "property", "value", "valueExt", "unit", "element", "driver", "description", "scheduler", "schedule"];

    /// <summary>The keys of <c>logicalTypeOptions</c>, which depend on the logical type; none for boolean, which has no options.</summary>
    public static IReadOnlyList<string> OptionsOf(string logicalType) => logicalType switch
    {
        "string" => ["minLength", "maxLength", "pattern", "format"],
        "date" => ["format", "maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum"],
        "timestamp" => ["format", "maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum", "timezone", "defaultTimezone"],
        "integer" or "number" => ["multipleOf", "maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum", "format"],
        _ => [],
    };
}
