using DuckDB.NET.Data;
using Finks.Lake.Files;
using Finks.Lake.Types;

namespace Finks.Lake.Maintenance;

/// <summary>A column whose values can be compared with the catalog's statistics of a file. Lists have theirs on elements and are not among them.</summary>
internal sealed record CheckedColumn(long Id, string Name, LakeType Type)
{
    /// <summary>The columns of a table with the newest name and type that each has or had.</summary>
    public static IReadOnlyList<CheckedColumn> Of(LedgerReader reader, long table) =>
    [
        .. reader.Query(
                """
                SELECT column_id, column_name, column_type FROM ducklake_column c
                WHERE table_id = @table AND parent_column IS NULL AND begin_snapshot = (
                  SELECT max(begin_snapshot) FROM ducklake_column n WHERE n.table_id = c.table_id AND n.column_id = c.column_id)
                """,
                r => (Id: r.GetInt64(0), Name: r.GetString(1), Type: LakeType.FromCatalog(r.GetString(2))), ("table", table))
            .Where(c => c.Type is not null).Select(c => new CheckedColumn(c.Id, c.Name, c.Type!)),
    ];

    /// <summary>What the catalog says of the columns of a file.</summary>
    public static IReadOnlyDictionary<long, ColumnRange> Stated(LedgerReader reader, long file) => reader.Query(
        "SELECT column_id, min_value, max_value, value_count, null_count, contains_nan FROM ducklake_file_column_stats WHERE data_file_id = @file",
        r => (Id: r.GetInt64(0), Range: new ColumnRange(r.Text(1), r.Text(2), r.Number(3), r.Number(4), r.Flag(5))), ("file", file)).ToDictionary(s => s.Id, s => s.Range);

    /// <summary>Reads the column and says in what it is wider than stated; null when it is not.</summary>
    public string? Problem(DuckDBConnection connection, string path, ColumnRange stated)
    {
        var isFloat = Type.Order == BoundOrder.Float;
        var bounded = isFloat ? "CASE WHEN isnan(v) THEN NULL ELSE v END" : "v";
        // DuckLake's text form: booleans as numbers, BLOBs as hexadecimal digits.
        string Text(string value) => Type.DuckDb switch
        {
            "BOOLEAN" => $"({value})::INTEGER::VARCHAR",
            "BLOB" => $"hex({value})",
            _ => $"({value})::VARCHAR",
        };
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT count(v), count(*) - count(v), {Text($"min({bounded})")}, {Text($"max({bounded})")}, {(isFloat ? "coalesce(bool_or(isnan(v)), false)" : "false")}
            FROM (SELECT v FROM read_parquet({SqlText.Literal(path)}, hive_partitioning = false,
              schema = MAP {"{"}{Id}: {"{"}name: 'v', type: {SqlText.Literal(Type.DuckDb)}, default_value: NULL{"}"}{"}"}))
            """;
        using var reader = command.ExecuteReader();
        reader.Read();
        var (values, nulls) = (reader.GetInt64(0), reader.GetInt64(1));
        if (stated.Values is { } statedValues && statedValues != values || stated.Nulls is { } statedNulls && statedNulls != nulls)
            return $"{Name} has {values} values and {nulls} nulls, not {stated.Values} and {stated.Nulls}";
        if (reader.GetBoolean(4) && stated.ContainsNan == false)
            return $"{Name} has a NaN, which the catalog denies";
        if (stated.Min is { } min && !reader.IsDBNull(2) && Bounds.Compare(Type.Order, reader.GetString(2), min) is < 0)
            return $"{Name} has {reader.GetString(2)}, below its least value {min}";
        return stated.Max is { } max && !reader.IsDBNull(3) && Bounds.Compare(Type.Order, reader.GetString(3), max) is > 0
            ? $"{Name} has {reader.GetString(3)}, above its greatest value {max}"
            : null;
    }
}
