using System.Globalization;
using System.Text.RegularExpressions;

namespace Finks.Contracts.Reading;

/// <summary>Reads a column's type from <c>logicalType</c>, which says what a value is, and <c>physicalType</c>, which says how DuckDB stores it.</summary>
internal static partial class ColumnTypeParser
{
    /// <summary>The most digits that DuckDB's DECIMAL holds (<see href="https://duckdb.org/docs/stable/sql/data_types/numeric"/>).</summary>
    private const int MostDigits = 38;

    private const string NumberTypes = "DECIMAL(precision,scale) or DOUBLE";

    private static readonly string[] LogicalTypes = ["string", "integer", "number", "boolean", "date", "timestamp"];

    /// <summary>The type as far as it can be told, so that rules which depend on it can still be checked; null when it cannot.</summary>
    public static ColumnType? Parse(MappingReader column)
    {
        var logical = column.Text("logicalType", required: true);
        var physical = column.Text("physicalType", required: true);
        if (logical is not null && !LogicalTypes.Contains(logical))
        {
            column.Problems.Add(
                column.PlaceOf("logicalType"),
                $"{column.Subject} has the logicalType '{logical}', which Silver cannot store.",
                NearestName.Advice(logical, LogicalTypes));
            return null;
        }

        if (logical is null || physical is null)
            return null;
        var type = logical == "number" ? Number(physical) : Fixed(logical);
        if (type is { } found && (logical == "number" || string.Equals(physical, found.DuckDbName, StringComparison.OrdinalIgnoreCase)))
            return found;
        column.Problems.Add(
            column.PlaceOf("physicalType"),
            $"{column.Subject} has the physicalType '{physical}', which does not fit the logicalType '{logical}'.",
            $"Write {type?.DuckDbName ?? $"{NumberTypes}, with at most {MostDigits} digits"}.");
        return type;
    }

    private static ColumnType Fixed(string logical) => new(logical switch
    {
        "string" => ColumnKind.Text,
        "integer" => ColumnKind.Integer,
        "boolean" => ColumnKind.Boolean,
        "date" => ColumnKind.Date,
        _ => ColumnKind.Timestamp,
    });

    private static ColumnType? Number(string physical)
    {
        if (string.Equals(physical, "DOUBLE", StringComparison.OrdinalIgnoreCase))
            return new ColumnType(ColumnKind.Double);
        if (DecimalPattern().Match(physical) is not { Success: true } match)
            return null;
        var precision = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        var scale = int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture);
        return precision is >= 1 and <= MostDigits && scale <= precision ? new ColumnType(ColumnKind.Decimal, precision, scale) : null;
    }

    [GeneratedRegex(@"^DECIMAL\(\s*([0-9]{1,2})\s*,\s*([0-9]{1,2})\s*\)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DecimalPattern();
}
