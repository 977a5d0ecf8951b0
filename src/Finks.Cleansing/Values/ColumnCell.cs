using System.Buffers;
using System.Text;
using System.Text.Json;
using DuckDB.NET.Data;
using Finks.Cleansing.Privacy;
using Finks.Contracts;

namespace Finks.Cleansing.Values;

/// <summary>
/// The value of one column in the row being read: takes the JSON token, checks it against the contract,
/// and hands it to DuckDB. One object serves all rows in turn.
/// </summary>
internal abstract class ColumnCell(ContractColumn column)
{
    public ContractColumn Column { get; } = column;

    /// <summary>Hides the value; null for a column that is stored as it is.</summary>
    public ValueMask? Mask { get; init; }

    /// <summary>Whether reasons may quote what the source sent; not where it could be personal data.</summary>
    public bool Quotes { get; init; } = true;

    /// <summary>Whether the row has given a value that is not null.</summary>
    public bool HasValue { get; protected set; }

    /// <summary>Whether the last value read was refused for its form, so that the column's type cannot take it: text where a number belongs.</summary>
    public bool WrongForm { get; private set; }

    /// <summary>Forgets the former row's value.</summary>
    public void Clear() => HasValue = false;

    /// <summary>Takes the value at the reader. Returns the reason for which it is refused, or null.</summary>
    public string? Read(ref Utf8JsonReader json)
    {
        HasValue = false;
        WrongForm = false;
        switch (json.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                var kind = json.TokenType == JsonTokenType.StartObject ? "an object" : "a list";
                json.Skip();
                WrongForm = true;
                return $"{Name}: {kind} stands where {Expected} belongs";
            case JsonTokenType.String when json.ValueIsEscaped:
                return ReadUnescaped(ref json);
            case JsonTokenType.String:
                return Nulls.IsNull(json.ValueSpan) ? null : Read(json.ValueSpan, JsonTokenType.String);
            default:
                return Read(json.ValueSpan, json.TokenType);
        }
    }

    /// <summary>Hands the value, or null, to the row being appended.</summary>
    public void AppendTo(IDuckDBAppenderRow row)
    {
        if (!HasValue)
            row.AppendNullValue();
        else if (Mask is null)
            AppendValue(row);
        else if (Stored is { } stored)
            row.AppendValue(stored);
        else
            row.AppendNullValue();
    }

    /// <summary>What Silver holds in place of a masked value that is there; null for a redacted one in a column that holds no text.</summary>
    public string? Stored => Mask?.Hide(ValueText);

    /// <summary>A value that is there as text: the same for equal values, however the source spells them.</summary>
    protected abstract string ValueText { get; }

    /// <summary>Hands over a value that is there.</summary>
    protected abstract void AppendValue(IDuckDBAppenderRow row);

    /// <summary>Takes a value's text. Returns the reason for which it is refused, or null.</summary>
    protected abstract string? Read(ReadOnlySpan<byte> text, JsonTokenType token);

    /// <summary>What belongs in the column, for messages: "a number".</summary>
    protected abstract string Expected { get; }

    protected string Name => Column.SourceField == Column.Name ? Column.Name : $"{Column.Name} ({Column.SourceField})";

    protected string IsNot(ReadOnlySpan<byte> text)
    {
        WrongForm = true;
        return $"{Name}: {Quote(text)} is not {Expected}";
    }

    protected string Quote(ReadOnlySpan<byte> text)
    {
        if (!Quotes)
            return "the value (not shown: personal data)";
        const int longest = 60;
        var shown = Encoding.UTF8.GetString(text.Length > longest ? text[..longest] : text);
        return $"'{shown}{(text.Length > longest ? "…" : "")}'";
    }

    private string? ReadUnescaped(ref Utf8JsonReader json)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(json.ValueSpan.Length);
        try
        {
            var text = buffer.AsSpan(0, json.CopyString(buffer));
            return Nulls.IsNull(text) ? null : Read(text, JsonTokenType.String);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
