namespace Finks.Jinja;

/// <summary>
/// An operation that Python would refuse, without a position. Functions given to a template may throw it: the interpreter
/// turns it into a <see cref="JinjaException"/> that names the file and the line of the call.
/// </summary>
public sealed class PyError(string kind, string message) : Exception(message)
{
    /// <summary>The Python exception, such as <c>TypeError</c>.</summary>
    public string Kind { get; } = kind;

    internal string? UndefinedName { get; init; }

    internal string Reason => Kind == "UndefinedError" ? Message : $"{Kind}: {Message}";

    internal static PyError Type(string message) => new("TypeError", message);

    internal static PyError Value(string message) => new("ValueError", message);

    internal static PyError Unsupported(string message) => new("NotSupported", message);

    internal static PyError TooDeep() => new("RecursionError", "the calls or values are nested too deeply; look for a macro that calls itself without end");
}
