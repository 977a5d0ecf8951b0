using System.Text.RegularExpressions;

namespace Finks.Contracts.Reading;

/// <summary>Reads the bounds, lengths and the pattern of a column from <c>logicalTypeOptions</c>. An option that Finks would not check is a problem.</summary>
internal static class RangeParser
{
    public static ContractColumn AddTo(ContractColumn parsed, MappingReader column, ColumnType? type)
    {
        if (type is null || column.Mapping("logicalTypeOptions", $"{column.Subject}: logicalTypeOptions") is not { } options)
            return parsed;
        options.CheckKeys(OdcsKeys.OptionsOf(column.Text("logicalType") ?? ""));
        var isNumber = type is { Kind: ColumnKind.Integer or ColumnKind.Decimal or ColumnKind.Double };
        RejectUnchecked(options, isNumber);
        if (!isNumber)
            return type is { Kind: ColumnKind.Text } ? AddLengths(parsed with { Pattern = Pattern(options) }, options, column.Subject) : parsed;

        var ranged = parsed with
        {
            Minimum = options.Number("minimum"),
            Maximum = options.Number("maximum"),
            ExclusiveMinimum = options.Number("exclusiveMinimum"),
            ExclusiveMaximum = options.Number("exclusiveMaximum"),
        };
        if (ranged.Minimum > ranged.Maximum || ranged.ExclusiveMinimum >= ranged.Maximum
            || ranged.Minimum >= ranged.ExclusiveMaximum || ranged.ExclusiveMinimum >= ranged.ExclusiveMaximum)
            options.Problems.Add(
                options.Node,
                $"{column.Subject}: no value lies between the minimum and the maximum.",
                "Exchange or correct them.");
        return ranged;
    }

    private static ContractColumn AddLengths(ContractColumn parsed, MappingReader options, string subject)
    {
        var sized = parsed with { MinLength = options.Integer("minLength"), MaxLength = options.Integer("maxLength") };
        if (sized.MinLength < 0 || sized.MaxLength < 1 || sized.MinLength > sized.MaxLength)
            options.Problems.Add(options.Node, $"{subject}: no text has a length between minLength and maxLength.", "Exchange or correct them.");
        return sized;
    }

    private static string? Pattern(MappingReader options)
    {
        if (options.Text("pattern") is not { } pattern)
            return null;
        try
        {
            _ = new Regex(pattern, RegexOptions.CultureInvariant);
        }
        catch (ArgumentException e)
        {
            options.Problems.Add(
                options.PlaceOf("pattern"),
                $"{options.Subject}: the pattern is no regular expression: {e.Message.TrimEnd('.')}.",
                "Mend it.");
        }

        return pattern;
    }

    private static void RejectUnchecked(MappingReader options, bool isNumber)
    {
        Reject(["multipleOf"], "Use bounds, or a quality rule of type sql.");
        Reject(["timezone", "defaultTimezone"], "Name the zone in the custom property sourceZone.");
        if (!isNumber)
            Reject(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"], "Only numbers have bounds; write a quality rule of type sql.");

        void Reject(IEnumerable<string> keys, string whatToDo)
        {
            foreach (var key in keys.Where(options.Has))
                options.Problems.Add(options.KeyPlaceOf(key), $"{options.Subject}: Finks does not check '{key}' here.", whatToDo);
        }
    }
}
