namespace Finks.Jinja;

/// <summary>A function that templates can call.</summary>
public delegate object? JinjaFunction(CallArguments arguments);

/// <summary>The arguments of one call, and where the call stands. A filter or test finds its value in <c>Positional[0]</c>.</summary>
public sealed class CallArguments(
    JinjaEnvironment environment,
    IReadOnlyList<object?> positional,
    IReadOnlyDictionary<string, object?> keyword,
    string file = "",
    int line = 0)
{
    internal static readonly IReadOnlyDictionary<string, object?> NoKeywords = new Dictionary<string, object?>();

    public JinjaEnvironment Environment { get; } = environment;

    public IReadOnlyList<object?> Positional { get; } = positional;

    public IReadOnlyDictionary<string, object?> Keyword { get; } = keyword;

    public string File { get; } = file;

    public int Line { get; } = line;

    /// <summary>The argument at a position or of a name; <paramref name="otherwise"/> where the call gives neither.</summary>
    public object? Optional(int position, string name, object? otherwise = null) =>
        position < Positional.Count ? Positional[position] : Keyword.TryGetValue(name, out var value) ? value : otherwise;

    /// <summary>The argument at a position or of a name; an error in the template where the call gives neither.</summary>
    public object? Required(int position, string name) =>
        position < Positional.Count ? Positional[position]
        : Keyword.TryGetValue(name, out var value) ? value
        : throw PyError.Type($"missing required argument '{name}' (position {position + 1})");

    internal CallArguments With(params object?[] positional) => new(Environment, positional, NoKeywords, File, Line);
}
