namespace Finks.Jinja;

/// <summary>Equality of dictionary keys: Python's, so that 1, 1.0 and True are one key.</summary>
internal sealed class PyKeyComparer : IEqualityComparer<object>
{
    public static readonly PyKeyComparer Instance = new();

    /// <summary>Stands for None, which .NET dictionaries do not take as a key.</summary>
    public static readonly object None = new();

    public static object Wrap(object? key) => key ?? None;

    public static object? Unwrap(object key) => ReferenceEquals(key, None) ? null : key;

    public new bool Equals(object? x, object? y) =>
        x is string a && y is string b ? a == b : PyValue.Equals(Unwrap(x!), Unwrap(y!));

    public int GetHashCode(object obj) => obj is string text ? text.GetHashCode(StringComparison.Ordinal) : PyValue.Hash(Unwrap(obj));
}
