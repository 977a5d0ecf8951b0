using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Finks.Contracts.Reading;

/// <summary>The form of names of datasets and columns: they become names of tables and columns without quotes.</summary>
internal static partial class Names
{
    /// <summary>Reads a name and logs one that is not in snake case.</summary>
    public static string? SnakeCase(this MappingReader mapping, string key, bool required = false)
    {
        var name = mapping.Text(key, required);
        if (name is not null && !SnakeCasePattern().IsMatch(name))
            mapping.Problems.Add(
                mapping.PlaceOf(key),
                $"{mapping.Subject}: the name '{name}' is not in snake case.",
                "Use lower-case letters, digits and single underscores, such as record_date.");
        return name;
    }

    /// <summary>The same mapping, called in messages by the name it gives itself, if it does.</summary>
    public static MappingReader NamedByItself(this MappingReader mapping, string kind) =>
        mapping.Has("name") && mapping.PlaceOf("name") is YamlScalarNode { Value: { Length: > 0 } name } ? mapping.Named($"the {kind} '{name}'") : mapping;

    [GeneratedRegex("^[a-z][a-z0-9]*(_[a-z0-9]+)*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex SnakeCasePattern();
}
