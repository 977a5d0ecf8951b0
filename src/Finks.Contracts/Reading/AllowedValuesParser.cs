namespace Finks.Contracts.Reading;

/// <summary>
/// Reads the values that a column may hold from the standard's quality rule <c>invalidValues</c> with <c>validValues</c> and <c>mustBe: 0</c>.
/// Any other rule is a problem, since Finks would not run it; rules of type <c>text</c> are prose and pass.
/// </summary>
internal static class AllowedValuesParser
{
    private const string WhatToDo = "Use invalidValues with validValues and 'mustBe: 0', logicalTypeOptions or required, or write a dbt test.";

    public static IReadOnlyList<string> Parse(MappingReader column, ColumnType? type)
    {
        var allowed = new List<string>();
        foreach (var rule in column.Mappings("quality", i => $"{column.Subject}: quality rule {i}"))
        {
            rule.CheckKeys(OdcsKeys.Quality);
            if (rule.Text("type") == "text")
                continue;
            if (rule.Has("metric") && rule.Text("metric") == "invalidValues" && rule.Has("mustBe") && rule.Number("mustBe") == 0)
                allowed.AddRange(ValidValues(rule));
            else
                rule.Problems.Add(rule.Node, $"{rule.Subject} is one that Finks does not run.", WhatToDo);
        }

        if (allowed.Count > 0 && type is { Kind: not ColumnKind.Text })
            column.Problems.Add(
                column.PlaceOf("quality"),
                $"{column.Subject} lists valid values, which only a text column may.",
                "Use minimum and maximum for numbers.");
        return allowed;
    }

    /// <summary>Rules of a whole dataset, none of which Finks runs from a contract.</summary>
    public static void RejectRules(MappingReader dataset)
    {
        foreach (var rule in dataset.Mappings("quality", i => $"{dataset.Subject}: quality rule {i}"))
        {
            rule.CheckKeys(OdcsKeys.Quality);
            if (rule.Text("type") != "text")
                rule.Problems.Add(rule.Node, $"{rule.Subject} is about the whole dataset, which Finks does not run.", "Write a dbt test.");
        }
    }

    private static IEnumerable<string> ValidValues(MappingReader rule)
    {
        if (rule.Mapping("arguments", $"{rule.Subject}: arguments", required: true) is not { } arguments)
            return [];
        arguments.CheckKeys(["validValues"]);
        var values = arguments.Texts("validValues", required: true);
        if (arguments.Has("validValues") && values.Count == 0)
            rule.Problems.Add(arguments.PlaceOf("validValues"), $"{rule.Subject} allows no value.", "List the values.");
        return values.Select(v => v.Value!);
    }
}
