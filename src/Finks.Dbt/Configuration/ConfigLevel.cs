namespace Finks.Dbt.Configuration;

/// <summary>The configs one place states: a level of a config tree, a <c>config:</c> block of a property file, or the <c>config()</c> calls of a file.</summary>
/// <param name="Values">By key; rendered.</param>
/// <param name="File">Where they are stated, for messages.</param>
/// <param name="Line">Counted from one; null where the place has no line.</param>
internal sealed record ConfigLevel(IReadOnlyDictionary<string, object?> Values, string File, int? Line);
