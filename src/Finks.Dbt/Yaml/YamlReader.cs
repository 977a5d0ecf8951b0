using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Finks.Dbt.Yaml;

/// <summary>Reads one YAML document into nodes that know their lines. Anchors, aliases and merge keys (<c>&lt;&lt;</c>) work as in PyYAML.</summary>
public sealed class YamlReader
{
    private readonly string _file;
    private readonly IParser _parser;
    private readonly Dictionary<string, YamlNode> _anchors = new(StringComparer.Ordinal);

    private YamlReader(string text, string file)
    {
        _file = file;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>The document's root; null for an empty file.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="file">The name used in messages.</param>
    public static YamlNode? Read(string text, string file)
    {
        try
        {
            return new YamlReader(text, file).ReadDocument();
        }
        catch (YamlException broken)
        {
            var place = broken.Start;
            throw new DbtException($"not valid YAML: {broken.Message}", file, (int)place.Line, (int)place.Column, broken);
        }
    }

    private YamlNode? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
            return null;
        _parser.Consume<DocumentStart>();
        var root = ReadNode();
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out var second))
            throw new DbtException("a second YAML document in one file is not supported; keep one", _file, (int)second.Start.Line, 1);
        return root is YamlScalar { Value: null } ? null : root;
    }

    private YamlNode ReadNode()
    {
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return _anchors.TryGetValue(alias.Value.Value, out var target)
                ? target
                : throw new DbtException($"the alias *{alias.Value} names no anchor", _file, (int)alias.Start.Line, (int)alias.Start.Column);
        }

        var start = _parser.Current as NodeEvent ?? throw new DbtException("a YAML value is missing", _file);
        YamlNode node = start switch
        {
            SequenceStart => ReadSequence(),
            MappingStart => ReadMapping(),
            _ => ReadScalar(_parser.Consume<Scalar>()),
        };
        if (!start.Anchor.IsEmpty)
            _anchors[start.Anchor.Value] = node;
        return node;
    }

    private YamlScalar ReadScalar(Scalar scalar)
    {
        var plain = scalar.Style == ScalarStyle.Plain && scalar.Tag.IsEmpty;
        if (!scalar.Tag.IsEmpty && scalar.Tag.Value is not ("tag:yaml.org,2002:str" or "!"))
            throw new DbtException($"the YAML tag {scalar.Tag} is not supported; write the value without it", _file, (int)scalar.Start.Line, (int)scalar.Start.Column);
        return new YamlScalar(_file, (int)scalar.Start.Line, (int)scalar.Start.Column, plain ? Yaml11.Resolve(scalar.Value) : scalar.Value, scalar.Value);
    }

    private YamlSequence ReadSequence()
    {
        var start = _parser.Consume<SequenceStart>();
        var items = new List<YamlNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
            items.Add(ReadNode());
        return new YamlSequence(_file, (int)start.Start.Line, (int)start.Start.Column, items);
    }

    private YamlMapping ReadMapping()
    {
        var start = _parser.Consume<MappingStart>();
        var entries = new List<KeyValuePair<YamlScalar, YamlNode>>();
        var merged = new List<KeyValuePair<YamlScalar, YamlNode>>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadNode() as YamlScalar
                ?? throw new DbtException("a key of a mapping must be a plain value", _file, (int)start.Start.Line, (int)start.Start.Column);
            var value = ReadNode();
            if (key.Text == "<<")
                merged.AddRange(Merged(value));
            else
                Put(entries, key, value);
        }

        // A merged key yields to one the mapping states itself, and the first of several merged mappings wins.
        var own = entries.Select(entry => entry.Key.Text).ToHashSet(StringComparer.Ordinal);
        var inherited = merged.Where(entry => own.Add(entry.Key.Text)).ToList();
        return new YamlMapping(_file, (int)start.Start.Line, (int)start.Start.Column, [.. inherited, .. entries]);
    }

    private static void Put(List<KeyValuePair<YamlScalar, YamlNode>> entries, YamlScalar key, YamlNode value)
    {
        var place = entries.FindIndex(entry => entry.Key.Text == key.Text);
        if (place < 0)
            entries.Add(new(key, value));
        else
            entries[place] = new(entries[place].Key, value);
    }

    private static IEnumerable<KeyValuePair<YamlScalar, YamlNode>> Merged(YamlNode value) => value switch
    {
        YamlMapping mapping => mapping.Entries,
        YamlSequence sequence => sequence.Items.SelectMany(Merged),
        _ => throw value.Error("'<<' merges a mapping or a list of mappings"),
    };
}
