using System.Buffers;
using System.Text;
using System.Text.Json;
using DuckDB.NET.Data;
using Finks.Contracts;

namespace Finks.Cleansing.Values;

/// <summary>
/// The value of one column in the row being read: takes the JSON token, checks it against the contract,
/// and hands it to DuckDB. One object serves all rows in turn.
/// </summary>
internal abstract class ColumnCell(ContractColumn column)
{
    public ContractColumn Column { get; } = column;

    /// <summary>Whether the row has given a value that is not null.</summary>
    public bool HasValue { get; protected set; }

    /// <summary>Forgets the former row's value.</summary>
    public void Clear() => HasValue = false;

    /// <summary>Takes the value at the reader. Returns the reason for which it is refused, or null.</summary>
    public string? Read(ref Utf8JsonReader json)
    {
        HasValue = false;
        switch (json.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                var kind = json.TokenType == JsonTokenType.StartObject ? "an object" : "a list";
                json.Skip();
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
        if (HasValue)
            AppendValue(row);
        else
            row.AppendNullValue();
    }

    /// <summary>Hands over a value that is there.</summary>
    protected abstract void AppendValue(IDuckDBAppenderRow row);

    /// <summary>Takes a value's text. Returns the reason for which it is refused, or null.</summary>
    protected abstract string? Read(ReadOnlySpan<byte> text, JsonTokenType token);

    /// <summary>What belongs in the column, for messages: "a number".</summary>
    protected abstract string Expected { get; }

    protected string Name => Column.SourceField == Column.Name ? Column.Name : $"{Column.Name} ({Column.SourceField})";

    protected string IsNot(ReadOnlySpan<byte> text) => $"{Name}: {Quote(text)} is not {Expected}";

    protected static string Quote(ReadOnlySpan<byte> text)
    {
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
