using System.Globalization;
using System.Text;
using System.Text.Json;
using DuckDB.NET.Data;
using Finks.Contracts;
using NodaTime;
using NodaTime.TimeZones;

namespace Finks.Cleansing.Values;

/// <summary>
/// An instant. A wall clock <c>yyyy-MM-dd HH:mm:ss</c> is read in the column's zone by the tz database;
/// a text with its own offset or Z is taken as it says.
/// </summary>
/// <remarks>
/// When clocks go back an hour happens twice: the earlier instant is taken. When they go forward a wall-clock time
/// that never was is moved on by the length of the gap.
/// </remarks>
internal sealed class TimestampCell(ContractColumn column) : ColumnCell(column)
{
    private static readonly ZoneLocalMappingResolver Resolver = Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnForwardShifted);

    private readonly DateTimeZone? _zone = column.SourceZone is { } zone ? DateTimeZoneProviders.Tzdb[zone] : null;
    private DateTime _value;

    protected override string Expected => _zone is null ? "a time with an offset" : "a time (yyyy-MM-dd HH:mm:ss)";

    protected override string ValueText => _value.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    protected override void AppendValue(IDuckDBAppenderRow row) => row.AppendValue(_value);

    protected override string? Read(ReadOnlySpan<byte> text, JsonTokenType token)
    {
        HasValue = token == JsonTokenType.String && (TryWallClock(text) || TryOffset(text));
        return HasValue ? null : IsNot(text);
    }

    private bool TryWallClock(ReadOnlySpan<byte> text)
    {
        if (_zone is null || text.Length != 19 || text[10] is not ((byte)' ' or (byte)'T') || text[13] != ':' || text[16] != ':' || !DateText.TryParse(text[..10], out var date))
            return false;
        if (!DateText.TryDigits(text[11..13], out var hour) || !DateText.TryDigits(text[14..16], out var minute) || !DateText.TryDigits(text[17..], out var second))
            return false;
        if (hour > 23 || minute > 59 || second > 59)
            return false;
        var wallClock = new LocalDateTime(date.Year, date.Month, date.Day, hour, minute, second);
        _value = _zone.ResolveLocal(wallClock, Resolver).ToDateTimeUtc();
        return true;
    }

    private bool TryOffset(ReadOnlySpan<byte> text)
    {
        if (text.Length < 20 || text[10] != 'T' || !(text[^1] == 'Z' || text[^6] is (byte)'+' or (byte)'-'))
            return false;
        var parsed = DateTimeOffset.TryParse(Encoding.UTF8.GetString(text), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time);
        _value = time.UtcDateTime;
        return parsed;
    }
}
