using System.Globalization;
using System.Text.Json;
using DuckDB.NET.Data;
using Finks.Contracts;

namespace Finks.Cleansing.Values;

/// <summary>A calendar date <c>yyyy-MM-dd</c>; FMP's dummy time <c>00:00:00</c> after it is dropped.</summary>
internal sealed class DateCell(ContractColumn column) : ColumnCell(column)
{
    private DateOnly _value;

    protected override string Expected => "a date (yyyy-MM-dd)";

    protected override string ValueText => _value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    protected override void AppendValue(IDuckDBAppenderRow row) => row.AppendValue(_value);

    protected override string? Read(ReadOnlySpan<byte> text, JsonTokenType token)
    {
        var date = text.Length == 19 && text[10..].SequenceEqual(" 00:00:00"u8) ? text[..10] : text;
        HasValue = token == JsonTokenType.String && DateText.TryParse(date, out _value);
        return HasValue ? null : IsNot(text);
    }
}

/// <summary>Dates and times of day from ASCII digits.</summary>
internal static class DateText
{
    /// <summary>Parses exactly <c>yyyy-MM-dd</c>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out DateOnly date)
    {
        date = default;
        if (text.Length != 10 || text[4] != '-' || text[7] != '-'
            || !TryDigits(text[..4], out var year) || !TryDigits(text[5..7], out var month) || !TryDigits(text[8..], out var day))
            return false;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        date = new DateOnly(year, month, day);
        return true;
    }

    /// <summary>Parses digits only, no sign.</summary>
    public static bool TryDigits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9')
                return false;
            value = (value * 10) + digit - '0';
        }

        return text.Length > 0;
    }
}
