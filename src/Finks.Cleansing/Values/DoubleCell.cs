using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using DuckDB.NET.Data;
using Finks.Contracts;

namespace Finks.Cleansing.Values;

/// <summary>A ratio or score in binary floating point; infinities and NaN are refused.</summary>
internal sealed class DoubleCell(ContractColumn column) : ColumnCell(column)
{
    private double _value;

    protected override string Expected => "a number";

    protected override string ValueText => _value.ToString("R", CultureInfo.InvariantCulture);

    protected override void AppendValue(IDuckDBAppenderRow row) => row.AppendValue(_value);

    protected override string? Read(ReadOnlySpan<byte> text, JsonTokenType token)
    {
        if (!Utf8Parser.TryParse(text, out double value, out var used) || used != text.Length || !double.IsFinite(value))
            return IsNot(text);
        if (Math.Abs(value) < (double)decimal.MaxValue && Range.Check(Column, (decimal)value) is { } outside)
            return $"{Name}: {Quote(text)} {outside}";
        _value = value;
        HasValue = true;
        return null;
    }
}
