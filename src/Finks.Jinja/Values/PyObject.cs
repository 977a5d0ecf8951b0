namespace Finks.Jinja;

/// <summary>A value of the interpreter that .NET has no type for.</summary>
public abstract class PyObject
{
    /// <summary>Python's name of the type, as error messages give it.</summary>
    public abstract string TypeName { get; }

    internal virtual bool IsTrue => true;

    internal virtual bool IsCallable => false;

    /// <summary>Null where the value has no length.</summary>
    internal virtual int? Length => null;

    /// <summary>Null where the value cannot be looped over.</summary>
    internal virtual IEnumerable<object?>? Iterate() => null;

    internal abstract void WriteRepr(ReprWriter writer);

    internal virtual object? Call(CallArguments arguments) => throw PyError.Type($"'{TypeName}' object is not callable");

    internal virtual bool TryGetAttribute(JinjaEnvironment environment, string name, out object? value)
    {
        value = null;
        return false;
    }

    public override string ToString() => PyValue.Str(this);
}
