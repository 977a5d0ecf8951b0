namespace Finks.Dbt.Yaml;

/// <summary>A value of a YAML file together with where it stands, so that every complaint can name its line.</summary>
public abstract record YamlNode(string File, int Line, int Column)
{
    public DbtException Error(string message) => new(message, File, Line, Column);

    public YamlMapping AsMapping(string what) => this as YamlMapping ?? throw Error($"{what} must be a mapping (key: value lines)");

    public YamlSequence AsSequence(string what) => this as YamlSequence ?? throw Error($"{what} must be a list (lines that start with '-')");

    public string AsText(string what) => this is YamlScalar { Value: not null } scalar
        ? scalar.AsPythonText()
        : throw Error($"{what} must be a text");
}

/// <summary>
/// A scalar with the value YAML 1.1 gives it: null, <see cref="bool"/>, <see cref="long"/>, <see cref="System.Numerics.BigInteger"/>,
/// <see cref="double"/>, <see cref="DateOnly"/>, <see cref="DateTime"/> or <see cref="string"/>.
/// </summary>
public sealed record YamlScalar(string File, int Line, int Column, object? Value, string Text) : YamlNode(File, Line, Column)
{
    internal string AsPythonText() => Value is string text ? text : Text;
}

public sealed record YamlSequence(string File, int Line, int Column, IReadOnlyList<YamlNode> Items) : YamlNode(File, Line, Column);

/// <summary>A mapping in the order of the file. A key that stands twice has its last value, as PyYAML has it.</summary>
public sealed record YamlMapping(string File, int Line, int Column, IReadOnlyList<KeyValuePair<YamlScalar, YamlNode>> Entries)
    : YamlNode(File, Line, Column)
{
    private readonly Dictionary<string, YamlNode> _byKey = Index(Entries);

    public IEnumerable<string> Keys => Entries.Select(entry => entry.Key.Text);

    /// <summary>The value of a key; null where the key is absent or its value is YAML's null.</summary>
    public YamlNode? this[string key] => _byKey.TryGetValue(key, out var node) && node is not YamlScalar { Value: null } ? node : null;

    public string? Text(string key) => this[key]?.AsText($"'{key}'");

    public string RequiredText(string key, string owner) => Text(key) ?? throw Error($"{owner} needs '{key}'");

    public IEnumerable<YamlNode> List(string key) => this[key]?.AsSequence($"'{key}'").Items ?? [];

    public YamlMapping? Mapping(string key) => this[key]?.AsMapping($"'{key}'");

    /// <summary>Throws for the first key that is not in <paramref name="known"/>, at that key's line.</summary>
    public void AllowOnly(string owner, params ReadOnlySpan<string> known)
    {
        foreach (var (key, _) in Entries)
        {
            if (!known.Contains(key.Text))
                throw key.Error($"'{key.Text}' of {owner} is not supported; remove it (supported: {string.Join(", ", known.ToArray())})");
        }
    }

    private static Dictionary<string, YamlNode> Index(IReadOnlyList<KeyValuePair<YamlScalar, YamlNode>> entries)
    {
        var index = new Dictionary<string, YamlNode>(entries.Count, StringComparer.Ordinal);
        foreach (var (key, value) in entries)
            index[key.Text] = value;
        return index;
    }
}
