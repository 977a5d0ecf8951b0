using System.Globalization;
using System.Text.Json.Nodes;
using Finks.Contracts.Reading;
using YamlDotNet.RepresentationModel;

namespace Finks.Orchestration.Prefect.Deploying;

/// <summary>Values of a YAML file that are passed on as they are.</summary>
internal static class YamlJson
{
    public static JsonNode? Of(YamlNode node, ProblemLog problems) => node switch
    {
        YamlMappingNode mapping => Mapping(mapping, problems),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(item => Of(item, problems))]),
        YamlScalarNode scalar => Scalar(scalar, problems),
        _ => null,
    };

    public static JsonObject Mapping(YamlMappingNode mapping, ProblemLog problems)
    {
        var result = new JsonObject();
        foreach (var (key, value) in mapping.Children)
        {
            if (key is YamlScalarNode { Value: { } name })
                result[name] = Of(value, problems);
            else
                problems.Add(key, "A key is no text.", "Write 'name: value'.");
        }

        return result;
    }

    private static JsonNode? Scalar(YamlScalarNode scalar, ProblemLog problems)
    {
        switch (scalar.Kind())
        {
            case ScalarKind.Null:
                return null;
            case ScalarKind.Boolean:
                return bool.Parse(scalar.Value!);
            case ScalarKind.Text:
                return scalar.Value;
        }

        if (long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            return whole;
        if (decimal.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return number;
        problems.Add(scalar, $"JSON has no number {scalar.Value}.", "Write another number, or quotes around a text.");
        return null;
    }
}
