using System.Text;
using System.Text.Json;
using Finks.Cleansing.Values;
using Finks.Contracts;

namespace Finks.Cleansing.Privacy;

/// <summary>
/// Raw rows for eyes that may not see personal data: quarantine and <c>finks trace</c>. Of a dataset without any, the exact text.
/// Otherwise a personal field shows what Silver would hold, and whatever could repeat one is redacted: fields that the contract does not know,
/// and values that do not fit their column. What cannot be parsed is not shown at all. Not for use by several threads.
/// </summary>
public sealed class PersonalRows
{
    /// <summary>Stands for text whose fields cannot be told apart.</summary>
    public const string NotShown = "not shown: the dataset holds personal data and this text is no row; Bronze has it";

    private static readonly byte[] Redacted = [.. "\""u8, .. Encoding.UTF8.GetBytes(ValueMask.Redacted), .. "\""u8];

    private readonly bool _isPersonal;
    private readonly RowCells _cells;

    /// <param name="contract">Of the dataset that the rows belong to.</param>
    /// <param name="key">Null to redact what would be hashed.</param>
    public PersonalRows(Contract contract, MaskingKey? key) => (_isPersonal, _cells) = (contract.IsPersonal, new RowCells(contract, key));

    /// <summary>One row of a reply, an object.</summary>
    public string Row(ReadOnlySpan<byte> row)
    {
        if (!_isPersonal)
            return Encoding.UTF8.GetString(row);
        var json = new Utf8JsonReader(row);
        return Write(ref json, row, list: false) ?? NotShown;
    }

    /// <inheritdoc cref="Row(ReadOnlySpan{byte})"/>
    public string Row(string row) => _isPersonal ? Row(Encoding.UTF8.GetBytes(row)) : row;

    /// <summary>A whole reply, a list of objects.</summary>
    public string Body(ReadOnlySpan<byte> body)
    {
        if (!_isPersonal)
            return Encoding.UTF8.GetString(body);
        var json = new Utf8JsonReader(body);
        return Write(ref json, body, list: true) ?? NotShown;
    }

    private string? Write(ref Utf8JsonReader json, ReadOnlySpan<byte> text, bool list)
    {
        var target = new MemoryStream(text.Length);
        try
        {
            json.Read();
            if (!(list ? List(ref json, text, target) : Object(ref json, text, target)) || json.Read())
                return null;
        }
        catch (JsonException)
        {
            return null;
        }

        return Encoding.UTF8.GetString(target.GetBuffer(), 0, (int)target.Length);
    }

    private bool List(ref Utf8JsonReader json, ReadOnlySpan<byte> text, MemoryStream target)
    {
        if (json.TokenType != JsonTokenType.StartArray)
            return false;
        target.WriteByte((byte)'[');
        for (var row = 0; json.Read() && json.TokenType != JsonTokenType.EndArray; row++)
        {
            if (row > 0)
                target.WriteByte((byte)',');
            if (!Object(ref json, text, target))
                return false;
        }

        target.WriteByte((byte)']');
        return true;
    }

    private bool Object(ref Utf8JsonReader json, ReadOnlySpan<byte> text, MemoryStream target)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            return false;
        target.WriteByte((byte)'{');
        var expected = 0;
        for (var field = 0; json.Read() && json.TokenType == JsonTokenType.PropertyName; field++)
        {
            if (field > 0)
                target.WriteByte((byte)',');
            var cell = _cells.IndexOf(ref json, expected);
            expected = cell + 1;
            if (cell < 0)
                Unknown(ref json, target);
            else
                Known(ref json, _cells.Cells[cell], text, target);
        }

        target.WriteByte((byte)'}');
        return true;
    }

    private void Unknown(ref Utf8JsonReader json, MemoryStream target)
    {
        target.WriteByte((byte)'"');
        target.Write(Encoding.UTF8.GetBytes(_cells.UnknownName(ref json)));
        target.Write("\":"u8);
        json.Read();
        json.Skip();
        target.Write(Redacted);
    }

    private static void Known(ref Utf8JsonReader json, ColumnCell cell, ReadOnlySpan<byte> text, MemoryStream target)
    {
        target.WriteByte((byte)'"');
        target.Write(json.ValueSpan);
        target.Write("\":"u8);
        json.Read();
        var start = (int)json.TokenStartIndex;
        if (cell.Read(ref json) is not null)
            target.Write(Redacted);
        else if (cell is { HasValue: true, Mask: not null })
            target.Write(cell.Stored is { } stored ? Encoding.UTF8.GetBytes($"\"{stored}\"") : Redacted);
        else
            target.Write(text[start..(int)json.BytesConsumed]);
    }
}
