using CsCheck;
using DuckDB.NET.Data;
using Finks.Lake.Commits;
using Finks.Lake.Types;

namespace Finks.Lake.Tests;

/// <summary>Table bounds must cover every file. DuckDB's own min and max over all rows are the oracle.</summary>
public sealed class BoundsTests : IDisposable
{
    private readonly LakeFixture _fixture = new();

    public static TheoryData<string, Gen<string>> Values => new()
    {
        { "BIGINT", Gen.Long.Select(v => v.ToString()) },
        { "UBIGINT", Gen.ULong.Select(v => v.ToString()) },
        { "DECIMAL(38,10)", Gen.Select(Gen.Long, Gen.Int[0, 999_999_999], (w, f) => $"{w}.{f:000000000}") },
        { "BOOLEAN", Gen.Bool.Select(v => v.ToString()) },
        { "DOUBLE", Gen.OneOf(Gen.Double.Select(v => v.ToString("R")), Among("nan", "inf", "-inf", "0.0", "-0.0", "1e-320")) },
        { "FLOAT", Gen.OneOf(Gen.Float.Select(v => v.ToString("R")), Among("nan", "inf", "-inf")) },
        { "DATE", Gen.Int[-1_500_000, 2_900_000].Select(d => $"1970-01-01 plus {d} DAY") },
        { "TIMESTAMP", Gen.Long[-60_000_000_000, 200_000_000_000].Select(s => $"1970-01-01 00:00:00.000123 plus {s} SECOND") },
        { "TIMESTAMPTZ", Gen.Long[-60_000_000_000, 200_000_000_000].Select(s => $"1970-01-01 00:00:00.5+00 plus {s} SECOND") },
        { "TIME", Gen.Long[0, 86_399_999_999].Select(m => $"00:00:00 plus {m} MICROSECOND") },
        { "VARCHAR", Gen.Select(Among("", "a", "é", "\uE000", "\uFFFD", "🎈"), Gen.String[Gen.Char['a', 'c'], 0, 3], (first, rest) => first + rest) },
        { "UUID", Gen.Guid.Select(v => v.ToString()) },
        { "BLOB", Gen.Byte.Array[0, 6].Select(v => string.Concat(v.Select(b => $"\\x{b:X2}"))) },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Table_bounds_cover_the_values_of_all_files_and_no_more(string type, Gen<string> value)
    {
        var table = 0;
        var file = Gen.OneOf(value, Gen.Const("NULL")).Array[1, 4];
        file.Array[1, 4].Sample(
            files =>
            {
                var definition = LakeFixture.Silver($"t{++table}", new TableColumn("v", type));
                foreach (var rows in files)
                    _fixture.Commit(definition, $"SELECT * FROM (VALUES {string.Join(", ", rows.Select(r => $"({Sql(type, r)}::{type})"))}) r(v)");
                Verify(definition, type);
            },
            iter: 40, threads: 1);
    }

    [Fact]
    public void A_bound_that_cannot_be_understood_makes_the_union_unknown()
    {
        var sum = new TableStatistics.Range(false, null, "1", "2");

        Assert.Null(TableStatistics.Union(sum, new ColumnStatistics(1, "v", 8, 1, 0, "one", "2", null), BoundOrder.Number));
        Assert.Null(TableStatistics.Union(sum, new ColumnStatistics(1, "v", 8, 1, 0, null, null, null), BoundOrder.Number));
        Assert.Equal(sum with { ContainsNull = true }, TableStatistics.Union(sum, new ColumnStatistics(1, "v", 8, 0, 1, null, null, null), BoundOrder.Number));
    }

    [Theory]
    [InlineData("0044-03-15 (BC)", "0001-01-01")]
    [InlineData("0045-03-15 (BC)", "0044-03-15 (BC)")]
    [InlineData("9999-12-31", "10000-01-01")]
    [InlineData("-infinity", "0044-03-15 (BC)")]
    [InlineData("294247-01-10", "infinity")]
    [InlineData("2024-01-03 08:00:00+00", "2024-01-03 08:00:00.000001+00")]
    [InlineData("2024-01-03 08:00:00+01", "2024-01-03 07:30:00+00")]
    public void Moments_are_ordered_by_time_and_not_by_text(string earlier, string later)
    {
        Assert.True(Bounds.Compare(BoundOrder.Moment, earlier, later) < 0);
        Assert.True(Bounds.Compare(BoundOrder.Moment, later, earlier) > 0);
    }

    public void Dispose() => _fixture.Dispose();

    private static Gen<string> Among(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string Sql(string type, string value) => value.Split(" plus ") switch
    {
        ["NULL"] => "NULL",
        [var start, var more] => $"({type} '{start}' + to_{more.Split(' ')[1].ToLowerInvariant()}s({more.Split(' ')[0]}))",
        _ => $"'{value}'",
    };

    private void Verify(TableDefinition definition, string type)
    {
        var snapshot = _fixture.Lake.CurrentSnapshot();
        var found = _fixture.Lake.FindTable("silver", definition.Name, snapshot)!;
        var stored = _fixture.Lake.Database.Write(t => t.Query(
            "SELECT min_value, max_value, contains_null, contains_nan FROM ducklake_table_column_stats WHERE table_id = @table",
            r => (Min: r.IsDBNull(0) ? null : r.GetString(0), Max: r.IsDBNull(1) ? null : r.GetString(1), Null: r.GetBoolean(2), Nan: !r.IsDBNull(3) && r.GetBoolean(3)), ("table", found.Id)));
        var (min, max, hasNull, hasNan) = Assert.Single(stored);
        var isFloat = type is "DOUBLE" or "FLOAT";
        var numbers = isFloat ? "FILTER (NOT isnan(v))" : "";
        using var command = _fixture.DuckDb.CreateCommand();
        string Bound(string? text) => text is null ? "NULL" : type == "BLOB" ? $"from_hex('{text}')" : $"'{text}'::{type}";
        command.CommandText = $"""
            SELECT min(v) {numbers} IS NOT DISTINCT FROM {Bound(min)}, max(v) {numbers} IS NOT DISTINCT FROM {Bound(max)},
              count(*) > count(v), {(isFloat ? "coalesce(bool_or(isnan(v)), false)" : "false")} FROM ({_fixture.Lake.ReadSql(found, snapshot)})
            """;
        using var reader = (DuckDBDataReader)command.ExecuteReader();
        Assert.True(reader.Read());
        Assert.True(reader.GetBoolean(0) && reader.GetBoolean(1), $"{type}: [{min}, {max}] is not the range of the data");
        Assert.Equal((reader.GetBoolean(2), reader.GetBoolean(3)), (hasNull, hasNan));
    }
}
