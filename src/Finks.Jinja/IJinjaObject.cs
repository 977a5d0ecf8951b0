namespace Finks.Jinja;

/// <summary>A value of the host with attributes, such as a relation. Two such values are equal when <see cref="object.Equals(object)"/> says so.</summary>
public interface IJinjaObject
{
    /// <summary>Reads <c>value.name</c>. Names that begin with an underscore are never asked for.</summary>
    bool TryGetAttribute(string name, out object? value);

    /// <summary>What <c>{{ value }}</c> prints.</summary>
    string ToJinjaString();

    /// <summary>What the value prints as inside a list.</summary>
    string ToJinjaRepr() => ToJinjaString();

    /// <summary>The type's name in error messages.</summary>
    string TypeName => GetType().Name;

    bool IsTrue => Length is not 0;

    /// <summary>What <c>length</c> gives; null where the value has none.</summary>
    int? Length => null;

    bool IsCallable => false;

    /// <summary>Reads <c>value[key]</c>.</summary>
    bool TryGetItem(object? key, out object? value)
    {
        value = null;
        return false;
    }

    /// <summary>The items of a loop over the value; null where it cannot be looped over.</summary>
    IEnumerable<object?>? Iterate() => null;

    /// <summary>Calls the value as a function.</summary>
    object? Call(CallArguments arguments) => throw PyError.Type($"'{TypeName}' object is not callable");
}
