using System.Text;
using System.Text.Json;
using Finks.Cleansing.Privacy;
using Finks.Cleansing.Values;
using Finks.Contracts;

namespace Finks.Cleansing;

/// <summary>The cells of a contract's columns, found by the names that the source gives its fields.</summary>
internal sealed class RowCells
{
    /// <summary>Longer or otherwise made names of unknown fields in personal data may be values themselves, as in a list of mail addresses.</summary>
    private const int LongestPersonalFieldName = 40;

    private readonly byte[][] _fields;
    private readonly (byte[] Field, int Cell)[] _aliases;
    private readonly bool _isPersonal;

    /// <param name="key">Null to redact what would be hashed.</param>
    public RowCells(Contract contract, MaskingKey? key)
    {
        _isPersonal = contract.IsPersonal;
        Cells = [.. contract.Columns.Select(c => ColumnCells.For(c, ValueMask.Of(c, key), quotes: !_isPersonal))];
        _fields = [.. contract.Columns.Select(c => Encoding.UTF8.GetBytes(c.SourceField))];
        _aliases = [.. contract.Columns.SelectMany((c, i) => c.SourceAliases.Select(a => (Encoding.UTF8.GetBytes(a), i)))];
    }

    public IReadOnlyList<ColumnCell> Cells { get; }

    /// <summary>The cell of the field whose name the reader is at; -1 for a field that the contract does not know.</summary>
    /// <param name="expected">Fields come in the same order in every row, so the next one is nearly always the one after the last.</param>
    public int IndexOf(ref Utf8JsonReader json, int expected)
    {
        if (expected < _fields.Length && json.ValueTextEquals(_fields[expected]))
            return expected;
        for (var i = 0; i < _fields.Length; i++)
        {
            if (json.ValueTextEquals(_fields[i]))
                return i;
        }

        foreach (var (field, cell) in _aliases)
        {
            if (json.ValueTextEquals(field))
                return cell;
        }

        return -1;
    }

    /// <summary>The name of an unknown field, to be shown.</summary>
    public string UnknownName(ref Utf8JsonReader json)
    {
        if (!_isPersonal)
            return json.GetString()!;
        var name = json.ValueSpan;
        if (name.Length is 0 or > LongestPersonalFieldName)
            return ValueMask.Redacted;
        foreach (var character in name)
        {
            if (!char.IsAsciiLetter((char)character) && character != '_')
                return ValueMask.Redacted;
        }

        return Encoding.ASCII.GetString(name);
    }
}
