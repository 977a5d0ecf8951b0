using System.Text.Json.Nodes;
using Finks.Contracts.Reading;
using YamlDotNet.RepresentationModel;

namespace Finks.Orchestration.Prefect.Deploying;

/// <summary>Block types and blocks.</summary>
public sealed partial class EnvironmentReader
{
    private BlockTypeSpec BlockType(MappingReader reader)
    {
        reader = reader.Named($"the block type '{reader.Text("slug")}'");
        reader.CheckKeys(["slug", "name", "description", "fields"]);
        var fields = reader.Mappings("fields", n => $"field {n} of {reader.Subject}", required: true).Select(field =>
        {
            field.CheckKeys(["name", "secret", "required"]);
            var name = Named(field, "name", VariableName(), "small letters, digits, dashes and underscores");
            if (name == BlockMark.Field)
                _problems.Add(field.PlaceOf("name"), $"{field.Subject}: Finks itself keeps '{name}' in blocks.", "Write another name.");
            return new BlockFieldSpec(name, field.Boolean("secret") ?? false, field.Boolean("required") ?? false);
        }).ToList();
        Unique(reader, "fields", fields.Select(f => f.Name));
        var slug = Named(reader, "slug", Dashed(), "small letters, digits and dashes");
        return new BlockTypeSpec(slug, reader.Has("name") ? Named(reader, "name") : slug, reader.Text("description") ?? "", fields);
    }

    private BlockSpec Block(MappingReader reader, IReadOnlyList<BlockTypeSpec> types)
    {
        reader = reader.Named($"the block '{reader.Text("type")}/{reader.Text("name")}'");
        reader.CheckKeys(["type", "name", "data"]);
        var type = Named(reader, "type", Dashed(), "the slug of a block type");
        var name = Named(reader, "name", Dashed(), "small letters, digits and dashes");
        var fromEnvironment = new HashSet<string>();
        var data = new JsonObject();
        var own = reader.Mapping("data", $"'data' of {reader.Subject}", required: true);
        foreach (var entry in (own?.Node as YamlMappingNode)?.Children.ToArray() ?? [])
        {
            if (entry.Key is YamlScalarNode { Value: { } field })
                data[field] = Value(field, entry.Value, own!.Subject, fromEnvironment);
        }

        if (own is not null && types.FirstOrDefault(t => t.Slug == type) is { } declared)
            CheckFields(own, declared, fromEnvironment);
        return new BlockSpec(type, name, data, fromEnvironment);
    }

    /// <summary>The value itself, or what <c>{env: NAME}</c> stands for.</summary>
    private JsonNode? Value(string field, YamlNode value, string subject, HashSet<string> fromEnvironment)
    {
        if (value is not YamlMappingNode { Children.Count: 1 } mapping
            || mapping.Children[0] is not { Key: YamlScalarNode { Value: "env" }, Value: YamlScalarNode { Value: { } name } })
        {
            return YamlJson.Of(value, _problems);
        }

        fromEnvironment.Add(field);
        if (_setting(name) is { } secret)
            return secret;
        _problems.Add(value, $"{subject}: '{field}' comes from the environment variable {name}, which is not set.",
            $"Set {name} for this command.");
        return null;
    }

    private void CheckFields(MappingReader data, BlockTypeSpec type, HashSet<string> fromEnvironment)
    {
        data.CheckKeys([.. type.Fields.Select(f => f.Name)]);
        foreach (var field in type.Fields)
        {
            if (field.Required && !data.Has(field.Name))
                _problems.Add(data.Node, $"{data.Subject} lacks the required key '{field.Name}'.", $"Add '{field.Name}: …'.");
            if (field.Secret && data.Has(field.Name) && !fromEnvironment.Contains(field.Name))
                _problems.Add(data.PlaceOf(field.Name), $"{data.Subject}: '{field.Name}' is secret and stands in the file.",
                    "Write {env: NAME}, and set that environment variable.");
        }
    }
}
