namespace Finks.Dbt;

/// <summary>
/// A project that cannot be read, compiled or run as written. The message starts with <c>file:line:column:</c> where they are known
/// (paths are relative to the project folder) and says what is wrong and what to do.
/// </summary>
public sealed class DbtException : Exception
{
    public DbtException(string message, string? file = null, int? line = null, int? column = null, Exception? inner = null)
        : base(Locate(message, file, line, column), inner)
    {
        File = file;
        Line = line;
        Column = column;
    }

    public string? File { get; }

    /// <summary>Counted from one.</summary>
    public int? Line { get; }

    /// <summary>Counted from one.</summary>
    public int? Column { get; }

    private static string Locate(string message, string? file, int? line, int? column) => (file, line, column) switch
    {
        (null, _, _) => message,
        (_, null, _) => $"{file}: {message}",
        (_, _, null) => $"{file}:{line}: {message}",
        _ => $"{file}:{line}:{column}: {message}",
    };
}
