using Finks.Dbt;
using Finks.Jinja;

namespace Finks.Pipelines.Gold;

/// <summary>What a model's <c>meta</c> says to Finks.</summary>
internal sealed class ModelMeta
{
    private readonly PyDict? _meta;
    private readonly string _file;

    private ModelMeta(PyDict? meta, string file) => (_meta, _file) = (meta, file);

    public static ModelMeta Of(ManifestNode node) => new(node.Config.TryGet("meta", out var meta) ? meta as PyDict : null, node.OriginalFilePath);

    /// <summary>A text; null where there is none.</summary>
    /// <exception cref="DbtException">The value is no text.</exception>
    public string? Text(string key) => Value(key) switch
    {
        null => null,
        string text => text,
        _ => throw new DbtException($"meta.{key} must be a text", _file),
    };

    /// <summary>A list of texts; empty where there is none.</summary>
    /// <exception cref="DbtException">The value is no list of texts.</exception>
    public IReadOnlyList<string> Texts(string key) => Value(key) switch
    {
        null => [],
        IEnumerable<object?> list => [.. list.Select(item => item as string ?? throw new DbtException($"meta.{key} must be a list of texts", _file))],
        _ => throw new DbtException($"meta.{key} must be a list of texts", _file),
    };

    /// <summary>Texts by name; empty where there is none.</summary>
    /// <exception cref="DbtException">The value is no mapping to texts.</exception>
    public IReadOnlyDictionary<string, string> Map(string key) => Value(key) switch
    {
        null => new Dictionary<string, string>(),
        PyDict map => map.ToDictionary(
            entry => entry.Key as string ?? throw new DbtException($"the names in meta.{key} must be texts", _file),
            entry => entry.Value as string ?? throw new DbtException($"the values in meta.{key} must be texts", _file)),
        _ => throw new DbtException($"meta.{key} must be a mapping of names to texts", _file),
    };

    private object? Value(string key) => _meta is not null && _meta.TryGetValue(key, out var value) ? value : null;
}
