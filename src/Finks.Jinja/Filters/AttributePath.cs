namespace Finks.Jinja;

/// <summary>Reads <c>attribute='a.b.0'</c>: a path of attributes and indexes, or a plain index.</summary>
internal static class AttributePath
{
    public static Func<object?, object?> Getter(JinjaEnvironment environment, object? path, object? otherwise = null, bool hasDefault = false)
    {
        if (path is null)
            return item => item;
        object?[] parts = path is string text
            ? [.. text.Split('.').Select(part => part.Length > 0 && part.All(char.IsAsciiDigit) ? PyNumbers.ParseInteger(part) : part)]
            : [path];
        return item =>
        {
            foreach (var part in parts)
            {
                item = MemberAccess.Item(environment, item, part);
                if (hasDefault && item is Undefined)
                    item = otherwise;
            }

            return item;
        };
    }

    /// <summary>The key that sorting without regard to case uses.</summary>
    public static object? IgnoreCase(object? value) => value is string text ? text.ToLowerInvariant() : value;
}
