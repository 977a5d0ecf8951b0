using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Finks.Contracts.Reading;

/// <summary>
/// A YAML mapping that is read key by key. A key of the wrong kind or a required one that is absent is logged and read as null,
/// so that reading goes on and finds the other problems.
/// </summary>
internal sealed class MappingReader
{
    private readonly ProblemLog _problems;
    private readonly YamlNode _node;
    private readonly string _howToAdd;
    private readonly IReadOnlyDictionary<string, (YamlNode Key, YamlNode Value)> _entries;

    public MappingReader(YamlMappingNode node, string subject, ProblemLog problems)
        : this(Entries(node), node, subject, problems, "Add '{0}: …'.")
    {
    }

    /// <summary>Reads entries that do not stand in one mapping of their own.</summary>
    /// <param name="entries">Keys and values by name.</param>
    /// <param name="place">Where an absent key is reported.</param>
    /// <param name="subject">What the entries describe.</param>
    /// <param name="problems">Where problems go.</param>
    /// <param name="howToAdd">Advice for an absent key; {0} is its name.</param>
    public MappingReader(
        IReadOnlyDictionary<string, (YamlNode Key, YamlNode Value)> entries, YamlNode place, string subject, ProblemLog problems, string howToAdd)
    {
        _entries = entries;
        _node = place;
        Subject = subject;
        _problems = problems;
        _howToAdd = howToAdd;
    }

    /// <summary>What the mapping describes, for messages: <c>the column 'close'</c>.</summary>
    public string Subject { get; }

    public ProblemLog Problems => _problems;

    public YamlNode Node => _node;

    /// <summary>The same mapping under a name that says more.</summary>
    public MappingReader Named(string subject) => new(_entries, _node, subject, _problems, _howToAdd);

    public bool Has(string key) => _entries.ContainsKey(key);

    /// <summary>Where a key's value stands; the mapping itself when the key is absent.</summary>
    public YamlNode PlaceOf(string key) => _entries.TryGetValue(key, out var entry) ? entry.Value : _node;

    /// <summary>Where a key stands; the mapping itself when it is absent.</summary>
    public Mark KeyPlaceOf(string key) => _entries.TryGetValue(key, out var entry) ? entry.Key.Start : _node.Start;

    /// <summary>Logs every key that is not among the known ones, with the nearest that is.</summary>
    public void CheckKeys(IReadOnlyCollection<string> known)
    {
        foreach (var (key, entry) in _entries)
        {
            if (!known.Contains(key))
                _problems.Add(entry.Key, $"{Subject} has the unknown key '{key}'.", NearestName.Advice(key, known));
        }
    }

    public string? Text(string key, bool required = false) => Scalar(key, required, ScalarKind.Text, "text", "Write text; put quotes around a number or a word like true.")?.Value;

    public bool? Boolean(string key) => Scalar(key, false, ScalarKind.Boolean, "true or false", "Write true or false without quotes.")?.Value is { } text
        ? bool.Parse(text)
        : null;

    public decimal? Number(string key)
    {
        const string WhatToDo = "Write a number without quotes, such as 0 or 0.5.";
        if (Scalar(key, false, ScalarKind.Number, "a number", WhatToDo) is not { Value: { } text } scalar)
            return null;
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return number;
        _problems.Add(scalar, $"{Subject}: '{key}' is '{text}', which no decimal number can hold.", WhatToDo);
        return null;
    }

    public int? Integer(string key)
    {
        if (Number(key) is not { } number)
            return null;
        if (decimal.IsInteger(number) && number is >= int.MinValue and <= int.MaxValue)
            return (int)number;
        _problems.Add(PlaceOf(key), $"{Subject}: '{key}' must be a whole number but is {number}.", "Write a whole number.");
        return null;
    }

    public MappingReader? Mapping(string key, string named, bool required = false)
    {
        if (Value(key, required) is not { } value)
            return null;
        if (value is YamlMappingNode mapping)
            return new MappingReader(mapping, named, _problems);
        _problems.Add(value, $"{Subject}: '{key}' must be a mapping but is {Describe(value)}.", "Write 'name: value' pairs.");
        return null;
    }

    public YamlSequenceNode? Sequence(string key, bool required = false)
    {
        if (Value(key, required) is not { } value)
            return null;
        if (value is YamlSequenceNode sequence)
            return sequence;
        _problems.Add(
            value,
            $"{Subject}: '{key}' must be a list but is {Describe(value)}.",
            "Write a list: items in [ ] or lines that start with '- '.");
        return null;
    }

    /// <summary>The items of a list of mappings; items of another kind are logged and left out.</summary>
    public IEnumerable<MappingReader> Mappings(string key, Func<int, string> named, bool required = false)
    {
        var position = 0;
        foreach (var item in Sequence(key, required)?.Children ?? [])
        {
            position++;
            if (item is YamlMappingNode mapping)
                yield return new MappingReader(mapping, named(position), _problems);
            else
                _problems.Add(
                    item,
                    $"{Subject}: each item of '{key}' must be a mapping but one is {Describe(item)}.",
                    "Write 'name: value' pairs.");
        }
    }

    /// <summary>The items of a list of texts, each with its place; items of another kind are logged and left out.</summary>
    public IReadOnlyList<YamlScalarNode> Texts(string key, bool required = false)
    {
        var texts = new List<YamlScalarNode>();
        foreach (var item in Sequence(key, required)?.Children ?? [])
        {
            if (item is YamlScalarNode { Value: not null } scalar && scalar.Kind() == ScalarKind.Text)
                texts.Add(scalar);
            else
                _problems.Add(
                    item,
                    $"{Subject}: each item of '{key}' must be text but one is {Describe(item)}.",
                    "Put quotes around a number or a word like true.");
        }

        return texts;
    }

    /// <summary>All entries as scalars of any kind; entries that are lists or mappings are logged and left out.</summary>
    public IReadOnlyDictionary<string, YamlScalarNode> ScalarValues()
    {
        var values = new Dictionary<string, YamlScalarNode>(StringComparer.Ordinal);
        foreach (var (key, entry) in _entries)
        {
            if (entry.Value is YamlScalarNode scalar && scalar.Kind() != ScalarKind.Null)
                values[key] = scalar;
            else
                _problems.Add(
                    entry.Value,
                    $"{Subject}: '{key}' must be a single value but is {Describe(entry.Value)}.",
                    "Write one value; \"{symbol}\" needs its quotes.");
        }

        return values;
    }

    private YamlScalarNode? Scalar(string key, bool required, ScalarKind kind, string kindName, string whatToDo)
    {
        if (Value(key, required) is not { } value)
            return null;
        if (value is not YamlScalarNode scalar || scalar.Kind() != kind)
        {
            _problems.Add(value, $"{Subject}: '{key}' must be {kindName} but is {Describe(value)}.", whatToDo);
            return null;
        }

        if (kind != ScalarKind.Text || !string.IsNullOrWhiteSpace(scalar.Value))
            return scalar;
        _problems.Add(value, $"{Subject}: '{key}' is blank.", "Write a value or remove the key.");
        return null;
    }

    private YamlNode? Value(string key, bool required)
    {
        if (_entries.TryGetValue(key, out var entry))
            return entry.Value;
        if (required)
            _problems.Add(_node, $"{Subject} lacks the required key '{key}'.", string.Format(CultureInfo.InvariantCulture, _howToAdd, key));
        return null;
    }

    private static string Describe(YamlNode value) => value switch
    {
        YamlMappingNode => "a mapping",
        YamlSequenceNode => "a list",
        YamlScalarNode scalar => scalar.Kind() switch
        {
            ScalarKind.Null => "empty",
            ScalarKind.Number => $"the number {scalar.Value}",
            ScalarKind.Boolean => $"the boolean {scalar.Value}",
            _ => $"the text '{scalar.Value}'",
        },
        _ => "something else",
    };

    private static Dictionary<string, (YamlNode Key, YamlNode Value)> Entries(YamlMappingNode node)
    {
        var entries = new Dictionary<string, (YamlNode, YamlNode)>(StringComparer.Ordinal);
        foreach (var (key, value) in node.Children)
        {
            // A key that is a list or a mapping has no name; its own text stands in, so that it is reported as unknown.
            var name = key is YamlScalarNode scalar ? scalar.Value ?? "" : Describe(key);
            entries[name] = (key, value);
        }

        return entries;
    }
}
