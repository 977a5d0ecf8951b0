using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Finks.Contracts.Reading;

/// <summary>What a YAML scalar is under the core schema of YAML 1.2 (<see href="https://yaml.org/spec/1.2.2/#103-core-schema"/>).</summary>
internal enum ScalarKind
{
    Null,
    Boolean,
    Number,
    Text,
}

internal static class Scalars
{
    public static ScalarKind Kind(this YamlScalarNode node)
    {
        if (node.Style != ScalarStyle.Plain)
            return ScalarKind.Text;
        return node.Value switch
        {
            null or "" or "~" or "null" or "Null" or "NULL" => ScalarKind.Null,
            "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => ScalarKind.Boolean,
            ".inf" or "-.inf" or ".nan" => ScalarKind.Number,
            var text when IsNumber(text) => ScalarKind.Number,
            _ => ScalarKind.Text,
        };
    }

    private static bool IsNumber(string text) =>
        (char.IsAsciiDigit(text[^1]) || text[^1] == '.')
        && double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out _);
}
