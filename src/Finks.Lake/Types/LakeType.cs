using System.Globalization;
using System.Text.RegularExpressions;

namespace Finks.Lake.Types;

/// <summary>A column type that Finks writes: DuckDB's name, DuckLake's name and the order of its values.</summary>
internal sealed partial record LakeType(string DuckDb, string Catalog, BoundOrder Order, LakeType? Element = null)
{
    private static readonly LakeType[] Scalars =
    [
        new("BOOLEAN", "boolean", BoundOrder.Number),
        new("TINYINT", "int8", BoundOrder.Number),
        new("SMALLINT", "int16", BoundOrder.Number),
        new("INTEGER", "int32", BoundOrder.Number),
        new("BIGINT", "int64", BoundOrder.Number),
        new("UTINYINT", "uint8", BoundOrder.Number),
        new("USMALLINT", "uint16", BoundOrder.Number),
        new("UINTEGER", "uint32", BoundOrder.Number),
        new("UBIGINT", "uint64", BoundOrder.Number),
        new("FLOAT", "float32", BoundOrder.Float),
        new("DOUBLE", "float64", BoundOrder.Float),
        new("DATE", "date", BoundOrder.Moment),
        new("TIME", "time", BoundOrder.Ordinal),
        new("TIMESTAMP", "timestamp", BoundOrder.Moment),
        new("TIMESTAMP WITH TIME ZONE", "timestamptz", BoundOrder.Moment),
        new("VARCHAR", "varchar", BoundOrder.Text),
        new("BLOB", "blob", BoundOrder.Ordinal),
        new("UUID", "uuid", BoundOrder.Ordinal),
    ];

    private static readonly Dictionary<string, string> Aliases = new(StringComparer.OrdinalIgnoreCase)
    {
        ["BOOL"] = "BOOLEAN",
        ["INT"] = "INTEGER",
        ["REAL"] = "FLOAT",
        ["TIMESTAMPTZ"] = "TIMESTAMP WITH TIME ZONE",
        ["TEXT"] = "VARCHAR",
        ["STRING"] = "VARCHAR",
        ["BYTEA"] = "BLOB",
    };

    /// <param name="where">The column, for the message.</param>
    public static LakeType Parse(string duckDbType, string where)
    {
        var name = duckDbType.Trim();
        if (name.EndsWith("[]", StringComparison.Ordinal) && !name.EndsWith("[][]", StringComparison.Ordinal))
        {
            var element = Parse(name[..^2], where);
            return new LakeType(element.DuckDb + "[]", "list", BoundOrder.None, element);
        }

        if (name.Equals("HUGEINT", StringComparison.OrdinalIgnoreCase) || name.Equals("UHUGEINT", StringComparison.OrdinalIgnoreCase))
            throw new LakeException(
                $"{where} is {name}, which Parquet would store as DOUBLE and lose digits. "
                + "Cast it to DECIMAL(38,0), or to BIGINT if it fits.");
        var known = Aliases.GetValueOrDefault(name, name);
        return Array.Find(Scalars, t => t.DuckDb.Equals(known, StringComparison.OrdinalIgnoreCase))
            ?? ParseDecimal(name)
            ?? throw new LakeException($"{where} is {duckDbType}, which Finks does not write to the lake. Cast it to one of "
                + $"{string.Join(", ", Scalars.Select(t => t.DuckDb))}, DECIMAL(p,s) or a list of one of these.");
    }

    /// <summary>The type of a catalog row, or null when Finks does not know it.</summary>
    public static LakeType? FromCatalog(string catalogType, string? elementType = null)
    {
        if (catalogType == "list" && elementType is not null)
            return FromCatalog(elementType) is { } element ? new LakeType(element.DuckDb + "[]", "list", BoundOrder.None, element) : null;
        return Array.Find(Scalars, t => t.Catalog == catalogType) ?? ParseDecimal(catalogType);
    }

    private static LakeType? ParseDecimal(string name)
    {
        var match = DecimalName().Match(name);
        if (!match.Success)
            return null;
        var precision = match.Groups[1].Success ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 18;
        var defaultScale = match.Groups[1].Success ? 0 : 3;
        var scale = match.Groups[2].Success ? int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) : defaultScale;
        return precision is < 1 or > 38 || scale > precision
            ? null
            : new LakeType($"DECIMAL({precision},{scale})", $"decimal({precision},{scale})", BoundOrder.Number);
    }

    [GeneratedRegex(@"^(?:DECIMAL|NUMERIC)(?:\((\d{1,2})(?:\s*,\s*(\d{1,2}))?\))?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DecimalName();
}
