using System.Globalization;
using System.Text.Json;
using DuckDB.NET.Data;
using Finks.Contracts;

namespace Finks.Cleansing.Values;

/// <summary>A 64-bit integer; <c>"2024"</c> and <c>2024.0</c> are taken, <c>2024.5</c> is not.</summary>
internal sealed class IntegerCell(ContractColumn column) : ColumnCell(column)
{
    private long _value;

    protected override string Expected => "a whole number";

    protected override string ValueText => _value.ToString(CultureInfo.InvariantCulture);

    protected override void AppendValue(IDuckDBAppenderRow row) => row.AppendValue(_value);

    protected override string? Read(ReadOnlySpan<byte> text, JsonTokenType token)
    {
        if (!NumberText.TryParse(text, out var exact) || exact != decimal.Truncate(exact))
            return IsNot(text);
        if (exact is < long.MinValue or > long.MaxValue)
            return $"{Name}: {Quote(text)} does not fit BIGINT";
        if (Range.Check(Column, exact) is { } outside)
            return $"{Name}: {Quote(text)} {outside}";
        _value = (long)exact;
        HasValue = true;
        return null;
    }
}
