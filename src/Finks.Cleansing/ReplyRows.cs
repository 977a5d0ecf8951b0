using System.Text.Json;
using Finks.Cleansing.Privacy;
using Finks.Cleansing.Values;
using Finks.Contracts;

namespace Finks.Cleansing;

/// <summary>Reads a reply's rows, one after the other, into the cells of a contract's columns.</summary>
internal sealed class ReplyRows
{
    private readonly RowCells _row;
    private readonly IReadOnlyList<ColumnCell> _cells;
    private readonly List<string> _reasons = [];
    private readonly bool[] _refused;

    /// <param name="key">Hashes personal data; null where the contract has none to hash.</param>
    public ReplyRows(Contract contract, MaskingKey? key)
    {
        _row = new RowCells(contract, key);
        _cells = _row.Cells;
        _refused = new bool[_cells.Count];
        Fields = new FieldTallies(_cells.Count);
    }

    public IReadOnlyList<ColumnCell> Cells => _cells;

    /// <summary>What has been seen of the fields in all rows read so far.</summary>
    public FieldTallies Fields { get; }

    /// <summary>The batch and line of the reply that is read next, for <see cref="Fields"/>.</summary>
    public (long Batch, int Line) Origin { get; set; }

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
                Fields.Begin(new BronzePlace(Origin.Batch, Origin.Line, row));
                ReadRow(ref json);
                Fields.End(body[start..(int)json.BytesConsumed]);
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
            var cell = _row.IndexOf(ref json, expected);
            if (cell < 0)
            {
                Fields.SawNew(_row.UnknownName(ref json));
                json.Read();
                json.Skip();
                continue;
            }

            expected = cell + 1;
            json.Read();
            var reason = _cells[cell].Read(ref json);
            _refused[cell] = reason is not null;
            Fields.Saw(cell, _cells[cell].WrongForm ? reason : null);
            if (reason is not null)
                _reasons.Add(reason);
        }

        CheckRequired();
    }

    private void CheckRequired()
    {
        for (var i = 0; i < _cells.Count; i++)
        {
            var column = _cells[i].Column;
            if (column.Required && !_cells[i].HasValue && !_refused[i])
                _reasons.Add($"{column.Name} ({column.SourceField}): the required value is missing");
        }
    }
}

/// <summary>Takes one row of a reply.</summary>
internal delegate void RowHandler(int row, IReadOnlyList<string> reasons, ReadOnlySpan<byte> raw);
