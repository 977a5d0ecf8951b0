using Finks.Jinja;

namespace Finks.Dbt.Rendering;

/// <summary>An object of functions such as <c>exceptions</c> or <c>adapter</c>. A member it lacks is an error that names it.</summary>
internal sealed class JinjaNamespace(string name, IReadOnlyDictionary<string, object?> members) : IJinjaObject
{
    public bool TryGetAttribute(string attribute, out object? value) => members.TryGetValue(attribute, out value)
        ? true
        : throw CompilationError.Because(
            $"'{name}.{attribute}' of dbt's Jinja context is not supported (supported: {string.Join(", ", members.Keys.Select(key => $"{name}.{key}"))})");

    public string ToJinjaString() => $"<{name}>";
}
