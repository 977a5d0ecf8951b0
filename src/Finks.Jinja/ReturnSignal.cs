namespace Finks.Jinja;

/// <summary>Thrown by a function such as <c>return()</c> to end the macro that runs. Caught where the macro was called; text it produced is lost.</summary>
public sealed class ReturnSignal(object? value) : Exception("return() was called outside a macro")
{
    public object? Value { get; } = value;
}
