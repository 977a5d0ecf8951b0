using System.Globalization;
using System.Text.Json;
using DuckDB.NET.Data;
using Finks.Contracts;

namespace Finks.Cleansing.Values;

/// <summary>An exact decimal, rounded half away from zero to the column's scale, as DuckDB's own cast does.</summary>
internal sealed class DecimalCell(ContractColumn column) : ColumnCell(column)
{
    private readonly decimal _tooLarge = Pow10(Math.Min(column.Type.Precision - column.Type.Scale, 28));
    private decimal _value;

    protected override string Expected => "a number";

    protected override string ValueText => _value.ToString("0.############################", CultureInfo.InvariantCulture);

    protected override void AppendValue(IDuckDBAppenderRow row) => row.AppendValue(_value);

    protected override string? Read(ReadOnlySpan<byte> text, JsonTokenType token)
    {
        if (!NumberText.TryParse(text, out var exact))
            return IsNot(text);
        _value = decimal.Round(exact, Column.Type.Scale, MidpointRounding.AwayFromZero);
        if (Math.Abs(_value) >= _tooLarge)
            return $"{Name}: {Quote(text)} does not fit {Column.Type.DuckDbName}";
        if (_value == 0 && NumberText.HasNonZeroDigit(text))
            return $"{Name}: {Quote(text)} is too small for {Column.Type.DuckDbName} and would become 0";
        if (Range.Check(Column, _value) is { } outside)
            return $"{Name}: {Quote(text)} {outside}";
        HasValue = true;
        return null;
    }

    private static decimal Pow10(int exponent)
    {
        var power = 1m;
        for (var i = 0; i < exponent; i++)
            power *= 10;
        return power;
    }
}
