namespace Finks.Jinja;

/// <summary>A variable, attribute or item that is not there. What it allows is the environment's <see cref="UndefinedMode"/>.</summary>
public sealed class Undefined : PyObject
{
    private readonly UndefinedMode mode;

    internal Undefined(UndefinedMode mode, string name)
    {
        this.mode = mode;
        Name = name;
        Message = $"'{name}' is undefined";
    }

    internal Undefined(UndefinedMode mode, object? owner, object? key)
    {
        this.mode = mode;
        Name = key as string;
        var ownerType = owner is null ? "None" : PyValue.TypeName(owner) + " object";
        Message = key is string ? $"'{ownerType}' has no attribute {PyValue.Repr(key)}" : $"{ownerType} has no element {PyValue.Repr(key)}";
    }

    private Undefined(UndefinedMode mode, string? name, string message)
    {
        this.mode = mode;
        Name = name;
        Message = message;
    }

    /// <summary>The name that was looked up; null where it was not a name.</summary>
    public string? Name { get; }

    /// <summary>Why there is no value.</summary>
    public string Message { get; }

    public override string TypeName => "Undefined";

    internal override bool IsTrue => false;

    internal override int? Length => 0;

    internal override bool IsCallable => true;

    internal static Undefined Because(UndefinedMode mode, string reason, string? name) => new(mode, name, reason);

    internal override IEnumerable<object?> Iterate() => [];

    internal override object? Call(CallArguments arguments) => Chain(Name);

    /// <summary>The undefined that reading a member gives.</summary>
    internal Undefined Chain(string? name) => mode == UndefinedMode.Chaining ? new Undefined(mode, name, Message) : throw Error();

    internal PyError Error() => new("UndefinedError", Message) { UndefinedName = Name };

    internal override void WriteRepr(ReprWriter writer) => writer.Append("Undefined");
}
