using System.Globalization;

namespace Finks.Lake.Types;

/// <summary>To which types a column may be widened: those that hold all its values, as DuckLake's own writers allow it.</summary>
internal static class Widening
{
    /// <summary>Decimal digits that the values of an integer type need.</summary>
    private static readonly Dictionary<string, (bool Signed, int Bits, int Digits)> Integers = new()
    {
        ["int8"] = (true, 8, 3),
        ["int16"] = (true, 16, 5),
        ["int32"] = (true, 32, 10),
        ["int64"] = (true, 64, 19),
        ["uint8"] = (false, 8, 3),
        ["uint16"] = (false, 16, 5),
        ["uint32"] = (false, 32, 10),
        ["uint64"] = (false, 64, 20),
    };

    /// <summary>Whether the types are the same, or <paramref name="now"/> is wider.</summary>
    public static bool Holds(LakeType old, LakeType now)
    {
        if (old == now)
            return true;
        if (old.Element is not null || now.Element is not null)
            return false;
        return (old.Catalog, now.Catalog) switch
        {
            ("boolean", var to) => Integers.ContainsKey(to),
            ("date", "timestamp" or "timestamptz") => true,
            ("timestamp", "timestamptz") => true,
            ("float32", "float64") => true,
            var (from, to) when Integers.TryGetValue(from, out var integer) => HoldsInteger(integer, to),
            var (from, to) when Decimal(from) is { } number => to is "float32" or "float64" || (Decimal(to) is { } wider
                && wider.Scale >= number.Scale && wider.Precision - wider.Scale >= number.Precision - number.Scale),
            _ => false,
        };
    }

    private static bool HoldsInteger((bool Signed, int Bits, int Digits) from, string to)
    {
        if (to is "float32" or "float64")
            return true;
        if (Integers.TryGetValue(to, out var wider))
            return wider.Bits > from.Bits && (wider.Signed || !from.Signed);
        return Decimal(to) is { } number && number.Precision - number.Scale >= from.Digits;
    }

    private static (int Precision, int Scale)? Decimal(string catalogType)
    {
        if (!catalogType.StartsWith("decimal(", StringComparison.Ordinal))
            return null;
        var parts = catalogType["decimal(".Length..^1].Split(',');
        return (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
    }
}
