using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Finks.Orchestration.Tests.Prefect;

/// <summary>
/// Holds requests against an OpenAPI 3.1 document. Stricter than the server: a key that the document does not name is an error even where
/// the server would ignore it without a word.
/// </summary>
internal sealed class OpenApi(JsonNode document)
{
    public static OpenApi Prefect() => new(JsonNode.Parse(File.ReadAllText(Checkout.Shared("facts", "prefect", "prefect-openapi.json")))!);

    /// <summary>What is wrong with a request; empty when nothing is.</summary>
    /// <param name="path">Below <c>/api</c>, with its query.</param>
    public IReadOnlyList<string> Errors(string method, string path, JsonNode? body)
    {
        var template = document["paths"]!.AsObject().Select(p => p.Key).FirstOrDefault(t => Matches(t, path.Split('?')[0]));
        if (template is null)
            return [$"no path {path}"];
        if (document["paths"]![template]![method.ToLowerInvariant()] is not { } operation)
            return [$"no {method} for {template}"];
        var schema = operation["requestBody"]?["content"]?["application/json"]?["schema"];
        if (schema is null)
            return body is null ? [] : [$"{method} {template} takes no body"];
        var errors = new List<string>();
        Check(schema, body, "body", errors);
        return errors;
    }

    private static bool Matches(string template, string path) =>
        Regex.IsMatch(path, "^" + Regex.Replace(Regex.Escape(template), @"\\\{[^}]*}", "[^/]+") + "$");

    private void Check(JsonNode schema, JsonNode? value, string at, List<string> errors)
    {
        if (schema["$ref"]?.GetValue<string>() is { } reference)
            Check(reference.Split('/').Skip(1).Aggregate(document, (node, key) => node[key]!), value, at, errors);
        if (schema["allOf"] is JsonArray all)
        {
            foreach (var part in all)
                Check(part!, value, at, errors);
        }

        if ((schema["anyOf"] ?? schema["oneOf"]) is JsonArray any && Fitting(any, value, at) is { } none)
            errors.AddRange(none);
        if (schema["enum"] is JsonArray allowed && !allowed.Any(a => JsonNode.DeepEquals(a, value)))
            errors.Add($"{at}: {value?.ToJsonString()} is none of {allowed.ToJsonString()}");
        if (schema["const"] is { } only && !JsonNode.DeepEquals(only, value))
            errors.Add($"{at}: {value?.ToJsonString()} is not {only.ToJsonString()}");
        if (schema["type"]?.GetValue<string>() is { } type)
            CheckType(type, schema, value, at, errors);
    }

    /// <summary>Null when one of the schemas fits, or else what is wrong by the one that fits best.</summary>
    private List<string>? Fitting(JsonArray any, JsonNode? value, string at)
    {
        List<string>? best = null;
        foreach (var choice in any)
        {
            var errors = new List<string>();
            Check(choice!, value, at, errors);
            if (errors.Count == 0)
                return null;
            if (best is null || errors.Count < best.Count)
                best = errors;
        }

        return best;
    }

    private void CheckType(string type, JsonNode schema, JsonNode? value, string at, List<string> errors)
    {
        switch (type, value)
        {
            case ("object", JsonObject fields):
                CheckFields(schema, fields, at, errors);
                break;
            case ("array", JsonArray items):
                for (var i = 0; i < items.Count && schema["items"] is { } each; i++)
                    Check(each, items[i], $"{at}[{i}]", errors);
                break;
            case ("string", JsonValue text) when text.TryGetValue(out string? content):
                CheckText(schema, content, at, errors);
                break;
            case ("integer", JsonValue number) when number.TryGetValue(out long whole):
                CheckRange(schema, whole, at, errors);
                break;
            case ("number", JsonValue number) when number.TryGetValue(out double real):
                CheckRange(schema, real, at, errors);
                break;
            case ("boolean", JsonValue flag) when flag.TryGetValue(out bool _):
            case ("null", null):
                break;
            default:
                errors.Add($"{at}: {value?.ToJsonString() ?? "null"} is no {type}");
                break;
        }
    }

    private void CheckFields(JsonNode schema, JsonObject fields, string at, List<string> errors)
    {
        foreach (var name in schema["required"]?.AsArray() ?? [])
        {
            if (!fields.ContainsKey(name!.GetValue<string>()))
                errors.Add($"{at}: {name} is missing");
        }

        var properties = schema["properties"]?.AsObject();
        var others = schema["additionalProperties"];
        foreach (var (name, value) in fields)
        {
            if (properties?[name] is { } property)
                Check(property, value, $"{at}.{name}", errors);
            else if (others is JsonObject each)
                Check(each, value, $"{at}.{name}", errors);
            else if (properties is not null && others?.GetValue<bool>() != true)
                errors.Add($"{at}: no key {name}");
        }
    }

    private static void CheckText(JsonNode schema, string text, string at, List<string> errors)
    {
        var fits = schema["format"]?.GetValue<string>() switch
        {
            "uuid" => Guid.TryParseExact(text, "D", out _),
            "date-time" => Regex.IsMatch(text, @"T.*(Z|[+-]\d\d:\d\d)$")
                && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            _ => true,
        };
        if (!fits || (schema["pattern"]?.GetValue<string>() is { } pattern && !Regex.IsMatch(text, pattern)))
            errors.Add($"{at}: \"{text}\" does not fit {schema["format"] ?? schema["pattern"]}");
    }

    private static void CheckRange(JsonNode schema, double number, string at, List<string> errors)
    {
        if (number < (schema["minimum"]?.GetValue<double>() ?? number)
            || number > (schema["maximum"]?.GetValue<double>() ?? number)
            || number <= (schema["exclusiveMinimum"]?.GetValue<double>() ?? number - 1))
        {
            errors.Add($"{at}: {number} is out of range");
        }
    }
}
