using System.Text;
using System.Text.Json;
using Finks.Cleansing.Values;
using Finks.Contracts;

namespace Finks.Cleansing;

/// <summary>Reads a reply's rows, one after the other, into the cells of a contract's columns.</summary>
internal sealed class ReplyRows
{
    private readonly ColumnCell[] _cells;
    private readonly byte[][] _fields;
    private readonly (byte[] Field, int Cell)[] _aliases;
    private readonly HashSet<string> _unknown = [];
    private readonly List<string> _reasons = [];
    private readonly bool[] _refused;

    public ReplyRows(Contract contract)
    {
        _cells = [.. contract.Columns.Select(ColumnCells.For)];
        _refused = new bool[_cells.Length];
        _fields = [.. contract.Columns.Select(c => Encoding.UTF8.GetBytes(c.SourceField))];
        _aliases = [.. contract.Columns.SelectMany((c, i) => c.SourceAliases.Select(a => (Encoding.UTF8.GetBytes(a), i)))];
    }

    public IReadOnlyList<ColumnCell> Cells => _cells;

    /// <summary>Fields of the replies that the contract does not know: kept in Bronze, reported.</summary>
    public IReadOnlyCollection<string> UnknownFields => _unknown;

    /// <summary>Calls <paramref name="onRow"/> for each element of the reply's array, or once for a reply that is no array of rows.</summary>
    /// <param name="body">The reply's bytes.</param>
    /// <param name="onRow">
    /// Given the row's place from 0, the reasons for which it is refused (none: the cells hold its values), and its bytes.
    /// </param>
    /// <returns>How often it was called.</returns>
    public int Read(ReadOnlySpan<byte> body, RowHandler onRow)
    {
        var row = 0;
        var start = 0;
        try
        {
            var json = new Utf8JsonReader(body);
            json.Read();
            if (json.TokenType != JsonTokenType.StartArray)
            {
                onRow(row, ["the reply is not a list of rows"], body);
                return 1;
            }

            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                start = (int)json.TokenStartIndex;
                ReadRow(ref json);
                onRow(row++, _reasons, body[start..(int)json.BytesConsumed]);
            }
        }
        catch (JsonException error)
        {
            onRow(row++, [$"the reply stops being JSON at byte {error.BytePositionInLine}: what follows could not be read"], body[start..]);
        }

        return row;
    }

    private void ReadRow(ref Utf8JsonReader json)
    {
        _reasons.Clear();
        foreach (var cell in _cells)
            cell.Clear();
        Array.Clear(_refused);
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            _reasons.Add("the row is not an object");
            return;
        }

        var expected = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var cell = CellOf(ref json, expected);
            if (cell < 0)
            {
                _unknown.Add(json.GetString()!);
                json.Read();
                json.Skip();
                continue;
            }

            expected = cell + 1;
            json.Read();
            var reason = _cells[cell].Read(ref json);
            _refused[cell] = reason is not null;
            if (reason is not null)
                _reasons.Add(reason);
        }

        CheckRequired();
    }

    // Fields come in the same order in every row, so the next one is nearly always the one after the last.
    private int CellOf(ref Utf8JsonReader json, int expected)
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

    private void CheckRequired()
    {
        for (var i = 0; i < _cells.Length; i++)
        {
            var column = _cells[i].Column;
            if (column.Required && !_cells[i].HasValue && !_refused[i])
                _reasons.Add($"{column.Name} ({column.SourceField}): the required value is missing");
        }
    }
}

/// <summary>Takes one row of a reply.</summary>
internal delegate void RowHandler(int row, IReadOnlyList<string> reasons, ReadOnlySpan<byte> raw);
