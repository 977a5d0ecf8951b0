using System.Text.Json;
using DuckDB.NET.Data;
using Finks.Contracts;

namespace Finks.Cleansing.Values;

/// <summary>True or false, also in a string.</summary>
internal sealed class BooleanCell(ContractColumn column) : ColumnCell(column)
{
    private bool _value;

    protected override string Expected => "true or false";

    protected override string ValueText => _value ? "true" : "false";

    protected override void AppendValue(IDuckDBAppenderRow row) => row.AppendValue(_value);

    protected override string? Read(ReadOnlySpan<byte> text, JsonTokenType token)
    {
        _value = text.SequenceEqual("true"u8);
        HasValue = _value || text.SequenceEqual("false"u8);
        return HasValue ? null : IsNot(text);
    }
}
