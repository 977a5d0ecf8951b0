using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace Finks.Lake.Types;

/// <summary>How the values of a type are ordered when all there is of them is DuckLake's statistics text.</summary>
internal enum BoundOrder
{
    /// <summary>No bounds are kept.</summary>
    None,

    /// <summary>Integers, decimals, and booleans as 0 and 1.</summary>
    Number,
    Float,

    /// <summary>Dates and timestamps, with or without an offset.</summary>
    Moment,

    /// <summary>UTF-8 byte order, which is not the order of .NET's strings beyond U+FFFF.</summary>
    Text,

    /// <summary>ASCII text of fixed form: times, UUIDs, BLOBs in upper-case hexadecimal.</summary>
    Ordinal,
}

/// <summary>Compares bounds by type. Comparing them as text makes them too narrow, and then readers lose rows without a word.</summary>
internal static partial class Bounds
{
    /// <summary>Digits after the point to which numbers are brought; DuckDB's decimals have at most 38.</summary>
    private const int Scale = 38;

    private static readonly DateTime Epoch = new(1970, 1, 1);

    /// <summary>Negative, zero or positive; null when a text cannot be understood, so that the caller must drop the bounds.</summary>
    public static int? Compare(BoundOrder order, string left, string right) => order switch
    {
        BoundOrder.Number => Compare(Number(left), Number(right)),
        BoundOrder.Float => Compare(Float(left), Float(right)),
        BoundOrder.Moment => Compare(Moment(left), Moment(right)),
        BoundOrder.Text => Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right)),
        BoundOrder.Ordinal => string.CompareOrdinal(left, right),
        _ => null,
    };

    private static int? Compare<T>(T? left, T? right)
        where T : struct, IComparable<T> => left is { } l && right is { } r ? l.CompareTo(r) : null;

    private static BigInteger? Number(string text)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? text : text[..point];
        var fraction = point < 0 ? "" : text[(point + 1)..];
        if (fraction.Length > Scale || !fraction.All(char.IsAsciiDigit))
            return null;
        var digits = whole + fraction.PadRight(Scale, '0');
        return BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
    }

    private static double? Float(string text) => text switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null,
    };

    /// <summary>Nanoseconds since 1970 in UTC, over DuckDB's whole range of years.</summary>
    private static Int128? Moment(string text)
    {
        if (text is "infinity" or "-infinity")
            return text[0] == '-' ? Int128.MinValue : Int128.MaxValue;
        var match = MomentForm().Match(text);
        if (!match.Success)
            return null;
        int Part(string name) => match.Groups[name].Success ? int.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture) : 0;
        var year = Part("year");
        if (match.Groups["bc"].Success)
            year = 1 - year;

        // 400 Gregorian years have 146,097 days: shift the year into DateTime's range and add the cycles back.
        var cycles = (int)Math.Floor((year - 2000) / 400.0);
        var month = Part("month");
        var day = Part("day");
        if (month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year - (cycles * 400), month))
            return null;
        var days = (new DateTime(year - (cycles * 400), month, day) - Epoch).Days + (cycles * 146_097L);
        var seconds = (((Int128)days * 24 + Part("hour")) * 60 + Part("minute")) * 60 + Part("second");
        var offset = (Part("offsetHour") * 60) + Part("offsetMinute");
        seconds -= (match.Groups["sign"].Value == "-" ? -offset : offset) * 60;
        return (seconds * 1_000_000_000) + int.Parse(match.Groups["fraction"].Value.PadRight(9, '0'), CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(
        @"^(?<year>\d{1,6})-(?<month>\d\d)-(?<day>\d\d)(?<bc> \(BC\))?"
        + @"(?:[ T](?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)(?:\.(?<fraction>\d{1,9}))?)?"
        + @"(?:Z|(?<sign>[+-])(?<offsetHour>\d\d)(?::(?<offsetMinute>\d\d))?)?$", RegexOptions.CultureInvariant)]
    private static partial Regex MomentForm();
}
