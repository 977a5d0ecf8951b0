namespace Finks.Jinja;

/// <summary>A template that cannot be parsed or rendered. The message begins with <c>file:line:column: </c>.</summary>
public sealed class JinjaException : Exception
{
    public JinjaException(string file, int line, int column, string reason, Exception? inner = null)
        : base($"{file}:{line}:{column}: {reason}", inner)
    {
        File = file;
        Line = line;
        Column = column;
        Reason = reason;
    }

    public string File { get; }

    /// <summary>Counted from 1.</summary>
    public int Line { get; }

    /// <summary>Counted from 1.</summary>
    public int Column { get; }

    /// <summary>The message without its position.</summary>
    public string Reason { get; }

    /// <summary>The variable that had no value, where that is the reason.</summary>
    public string? UndefinedName => (InnerException as PyError)?.UndefinedName;
}
