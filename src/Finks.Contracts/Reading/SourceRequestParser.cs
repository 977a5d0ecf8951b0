using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Finks.Contracts.Reading;

/// <summary>Reads from a contract's custom properties how its rows are asked for.</summary>
internal static partial class SourceRequestParser
{
    private static readonly string[] Placeholders = ["{symbol}", "{from}", "{to}"];

    public static SourceRequest Parse(MappingReader custom)
    {
        var source = custom.Text("source", required: true);
        var endpoint = custom.Text("endpoint", required: true);
        if (endpoint is not null && (endpoint.StartsWith('/') || endpoint.Contains('?') || endpoint.Contains("://", StringComparison.Ordinal)))
            custom.Problems.Add(
                custom.PlaceOf("endpoint"),
                $"the endpoint '{endpoint}' is not a path below the source's base address.",
                "Write it without a host, a leading slash and a query.");
        var window = Window(custom);
        return new SourceRequest
        {
            Source = source ?? "",
            Endpoint = endpoint ?? "",
            ParameterSets = ParameterSets(custom, window),
            Window = window ?? RequestWindow.Whole,
            MaxRowsPerReply = MaxRows(custom),
            Cadence = Cadence(custom),
            KnowledgeTime = KnowledgeTime(custom),
            RewrittenBy = custom.SnakeCase("rewrittenBy"),
        };
    }

    private static RequestWindow? Window(MappingReader custom)
    {
        switch (custom.Text("window", required: true))
        {
            case null:
                return null;
            case "whole":
                return RequestWindow.Whole;
            case "dateRange":
                return RequestWindow.DateRange;
            case var other:
                custom.Problems.Add(
                    custom.PlaceOf("window"),
                    $"the window '{other}' is unknown.",
                    NearestName.Advice(other, ["whole", "dateRange"]));
                return null;
        }
    }

    private static int? MaxRows(MappingReader custom)
    {
        var rows = custom.Integer("maxRowsPerReply");
        if (rows <= 0)
            custom.Problems.Add(
                custom.PlaceOf("maxRowsPerReply"),
                $"maxRowsPerReply is {rows}, and a reply holds at least one row.",
                "Write the source's limit, or remove the property when none is known.");
        return rows;
    }

    private static TimeSpan Cadence(MappingReader custom)
    {
        if (custom.Text("cadence", required: true) is not { } text)
            return default;
        if (IsoDuration.Parse(text) is { } duration)
            return duration;
        custom.Problems.Add(
            custom.PlaceOf("cadence"),
            $"the cadence '{text}' is no ISO 8601 duration of fixed length above zero.",
            "Write PT18H or P1D; months and years have no fixed length.");
        return default;
    }

    private static string KnowledgeTime(MappingReader custom)
    {
        const string FetchedAt = "fetched_at";
        if (custom.Text("knowledgeTime", required: true) is { } rule && rule != FetchedAt)
            custom.Problems.Add(
                custom.PlaceOf("knowledgeTime"),
                $"the knowledgeTime '{rule}' is unknown.",
                $"Write {FetchedAt}, the only rule so far.");
        return FetchedAt;
    }

    private static List<IReadOnlyDictionary<string, string>> ParameterSets(MappingReader custom, RequestWindow? window)
    {
        var sets = new List<IReadOnlyDictionary<string, string>>();
        foreach (var set in custom.Mappings("parameters", i => $"parameter set {i}", required: true))
        {
            var values = set.ScalarValues();
            foreach (var (name, node) in values)
                CheckPlaceholders(set, name, node.Value ?? "");
            CheckWindow(set, window, string.Concat(values.Select(v => v.Value.Value)));
            sets.Add(values.ToDictionary(v => v.Key, v => v.Value.Value ?? "", StringComparer.Ordinal));
        }

        if (sets.Count == 0 && custom.Has("parameters") && custom.PlaceOf("parameters") is YamlSequenceNode { Children.Count: 0 } empty)
            custom.Problems.Add(
                empty,
                "parameters holds no set, so nothing would be asked for.",
                "Add one set, such as { symbol: \"{symbol}\" }.");
        return sets;
    }

    private static void CheckPlaceholders(MappingReader set, string name, string value)
    {
        foreach (Match match in PlaceholderPattern().Matches(value))
        {
            if (!Placeholders.Contains(match.Value))
                set.Problems.Add(
                    set.PlaceOf(name),
                    $"{set.Subject}: '{name}' holds the unknown placeholder '{match.Value}'.",
                    NearestName.Advice(match.Value, Placeholders));
        }
    }

    private static void CheckWindow(MappingReader set, RequestWindow? window, string values)
    {
        var from = values.Contains("{from}", StringComparison.Ordinal);
        var to = values.Contains("{to}", StringComparison.Ordinal);
        if (window == RequestWindow.DateRange && !(from && to))
            set.Problems.Add(
                set.Node,
                $"{set.Subject} must use {{from}} and {{to}}, because the window is dateRange.",
                "Add both, or write 'whole' as the window.");
        if (window == RequestWindow.Whole && (from || to))
            set.Problems.Add(
                set.Node,
                $"{set.Subject} uses {{from}} or {{to}}, but the window is whole.",
                "Remove them, or write 'dateRange' as the window.");
    }

    [GeneratedRegex(@"\{[^{}]*\}?|\}", RegexOptions.CultureInvariant)]
    private static partial Regex PlaceholderPattern();
}
