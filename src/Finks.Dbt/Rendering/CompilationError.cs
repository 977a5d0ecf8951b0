using Finks.Jinja;

namespace Finks.Dbt.Rendering;

/// <summary>A failure of one of dbt's own functions. It is thrown into the template, which adds the place of the call.</summary>
internal static class CompilationError
{
    public const string Kind = "CompilationError";

    public static PyError Because(string message) => new(Kind, message);
}
