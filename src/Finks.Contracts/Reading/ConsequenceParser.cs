namespace Finks.Contracts.Reading;

/// <summary>Reads from a quality rule how bad its failure is (<c>severity</c>) and what follows (the custom property <c>action</c>).</summary>
internal static class ConsequenceParser
{
    private static readonly string[] CustomNames = ["action", "rowsAtFault"];

    /// <param name="rule">The rule.</param>
    /// <param name="otherwise">What holds when the rule says nothing.</param>
    /// <returns>The consequence, and the SQL condition that picks the rows at fault.</returns>
    public static (Consequence Consequence, string? RowsAtFault) Parse(MappingReader rule, Consequence otherwise)
    {
        var custom = CustomProperties.Of(rule, CustomNames);
        var severity = OneOf<Severity>(rule, "severity") ?? otherwise.Severity;
        var fallback = severity == otherwise.Severity ? otherwise : Consequence.Of(severity);
        return (fallback with { Action = OneOf<CheckAction>(custom, "action") ?? fallback.Action }, custom.Text("rowsAtFault"));
    }

    private static T? OneOf<T>(MappingReader mapping, string key)
        where T : struct, Enum
    {
        if (mapping.Text(key) is not { } text)
            return null;
        var names = Enum.GetNames<T>().Select(n => n.ToLowerInvariant()).ToList();
        if (names.IndexOf(text) is >= 0 and var found)
            return Enum.GetValues<T>()[found];
        mapping.Problems.Add(mapping.PlaceOf(key), $"{mapping.Subject}: the {key} '{text}' is unknown.", NearestName.Advice(text, names));
        return null;
    }
}
